"""What the contract lets people write."""

from hypothesis import strategies as st

from specfirst.conformance.strategies import texts

names = texts(max_size=100)
titles = texts(max_size=200)
summaries = st.none() | texts(min_size=0, max_size=500)
contents = texts(max_size=2000)

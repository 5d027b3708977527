"""The contract as one immutable model, which everything else here reads.

    from specfirst.contract.reading import read

    contract = read(Path("openapi.yaml"))          # or Contract(document) for one in memory
    operation = contract.by_id["create_article"]   # or all of contract.operations
    operation.parameters                           # those of its path item merged in
    operation.responses["201"].headers["Location"].required
    media = operation.request_body.content["application/json"]
    media.schema.target.properties["title"].raw["maxLength"]

What stands in a document is a `Node` (`model.py`): `raw` is its JSON, `pointer` where it is
defined, `place` where it is used, `places` all the way between. Nodes follow their references. A
`Schema` is as the document has it, because other keywords may stand beside its `$ref`;
`schema.target` is what the last reference leads to.

- To go through schemas: `operation.schemas()` for those that a request or a response has,
  references followed, each once; `contract.schemas()` for all that stand in the document, none
  followed; `schema.subschemas()` for those directly inside of one. Keywords of a schema that have
  no attribute are read from `raw`.
- To follow a reference: nothing to do; by hand, `contract.follow(pointer)` and
  `contract.schema(pointer).target`.
- JSON Pointers: `json_pointer.join`, `parse` and `find`; never by `split` and `replace`.
- The line of a pointer in the file: `lines.located`.
- Nothing changes a contract. Who needs another document (the generator's canonical form, a stricter
  one for a validator) copies `contract.document`, changes the copy, and reads it as another
  `Contract`. `schemas.subschemas` is the traversal for such copies: it yields the JSON itself.

`model`, `json_pointer`, `schemas` and `errors` need only the standard library; `reading` and
`lines` need PyYAML.
"""

--
-- PostgreSQL database dump
--

-- Dumped from database version 18.6
-- Dumped by pg_dump version 18.6

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: alembic_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);


--
-- Name: articles; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.articles (
    id bigint NOT NULL,
    title character varying(200) NOT NULL COLLATE pg_catalog."C",
    summary character varying(500) COLLATE pg_catalog."C",
    content character varying(100000) NOT NULL COLLATE pg_catalog."C",
    author_id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT ck_articles_content_not_empty CHECK ((char_length((content)::text) >= 1)),
    CONSTRAINT ck_articles_title_not_empty CHECK ((char_length((title)::text) >= 1))
);


--
-- Name: articles_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.articles ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.articles_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: authors; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.authors (
    id bigint NOT NULL,
    first_name character varying(100) NOT NULL COLLATE pg_catalog."C",
    last_name character varying(100) NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT ck_authors_first_name_not_empty CHECK ((char_length((first_name)::text) >= 1)),
    CONSTRAINT ck_authors_last_name_not_empty CHECK ((char_length((last_name)::text) >= 1))
);


--
-- Name: authors_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.authors ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.authors_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Data for Name: alembic_version; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.alembic_version (version_num) FROM stdin;
20261122155838
\.


--
-- Data for Name: articles; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.articles (id, title, summary, content, author_id, created_at, updated_at) FROM stdin;
1	Gösta Berlings saga	A novel, 1891.	”Gösta Berlings saga” är skriven av Selma Lagerlöf. Verket kom ut 1891. A defrocked priest and the cavaliers of Ekeby spend one year wasting, loving and repairing what they broke.	1	2026-11-26 01:10:38.861681+00	2026-11-26 01:10:38.861681+00
2	Nils Holgerssons underbara resa genom Sverige	”Nils Holgerssons underbara resa genom Sverige” är skriven av Selma Lagerlöf.	Verket kom ut 1906. A boy shrunk to a thumb sees a whole country from the back of a goose. 🪿	1	2026-11-26 01:10:38.868563+00	2026-11-26 01:10:38.868563+00
3	Kejsarn av Portugallien	\N	”Kejsarn av Portugallien” är skriven av Selma Lagerlöf. Verket kom ut 1914.\n\nA father who cannot bear a loss crowns himself emperor of a country he has never seen.	1	2026-11-26 01:10:38.872449+00	2026-11-26 01:10:38.872449+00
4	Gösta Berlings saga	A novel, 1891.	”Gösta Berlings saga” är skriven av Selma Lagerlöf. Verket kom ut 1891. A defrocked priest and the cavaliers of Ekeby spend one year wasting, loving and repairing what they broke.	2	2026-11-26 01:10:38.879837+00	2026-11-26 01:10:38.879837+00
5	Röda rummet	A novel, 1879.	  ”Röda rummet” är skriven av August Strindberg. Verket kom ut 1879.\n\nYoung clerks and artists of Stockholm meet in a restaurant to talk money, art and fraud.	3	2026-11-26 01:10:38.886393+00	2026-11-26 01:10:38.886393+00
6	Fröken Julie	”Fröken Julie” är skriven av August Strindberg.	Verket kom ut 1888.\n\nOne midsummer night in a kitchen turns the order of a house upside down.	3	2026-11-26 01:10:38.89002+00	2026-11-26 01:10:38.89002+00
7	Ett drömspel	\N	”Ett drömspel” är skriven av August Strindberg. Verket kom ut 1902.\nThe daughter of a god comes down to earth and finds that people are to be pitied.   \n	3	2026-11-26 01:10:38.893624+00	2026-11-26 01:10:38.893624+00
8	Kallocain	A novel, 1940.	”Kallocain” är skriven av Karin Boye. Verket kom ut 1940.\nA loyal chemist invents a truth drug and is the last to notice what it says about himself.	4	2026-11-26 01:10:38.899695+00	2026-11-26 01:10:38.899695+00
9	För trädets skull	”För trädets skull” är skriven av Karin Boye.	Verket kom ut 1935.\nGrowth hurts, and the poems do not look away from it.	4	2026-11-26 01:10:38.902808+00	2026-11-26 01:10:38.902808+00
10	Dikter	\N	”Dikter” är skriven av Edith Södergran. Verket kom ut 1916. A slim first book with which a new way of writing verse arrived in the north.	5	2026-11-26 01:10:38.908518+00	2026-11-26 01:10:38.908518+00
11	Septemberlyran	Poems, 1918.	”Septemberlyran” är skriven av Edith Södergran. Verket kom ut 1918. Free verse with the confidence of somebody who has little time.	5	2026-11-26 01:10:38.911575+00	2026-11-26 01:10:38.911575+00
12	Et dukkehjem	«Et dukkehjem» er skrevet av Henrik Ibsen.	Verket kom ut i 1879. A door closes at the end, and theatre has not been the same since.	6	2026-11-26 01:10:38.917494+00	2026-11-26 01:10:38.917494+00
13	Peer Gynt	\N	«Peer Gynt» er skrevet av Henrik Ibsen. Verket kom ut i 1867.\n\nA man peels an onion and finds no kernel, only layers.	6	2026-11-26 01:10:38.920718+00	2026-11-26 01:10:38.920718+00
14	Vildanden	A play, 1884.	«Vildanden» er skrevet av Henrik Ibsen. Verket kom ut i 1884.\n\nA truth-teller arrives in a house that was living well enough on its illusions.	6	2026-11-26 01:10:38.924086+00	2026-11-26 01:10:38.924086+00
15	Kristin Lavransdatter	«Kristin Lavransdatter» er skrevet av Sigrid Undset.	Verket kom ut i 1920.\n\nThree volumes follow one stubborn woman through the fourteenth century.	7	2026-11-26 01:10:38.930086+00	2026-11-26 01:10:38.930086+00
16	Jenny	\N	«Jenny» er skrevet av Sigrid Undset. Verket kom ut i 1911.\nA painter in Rome wants both love and work, and pays for the wish.  	7	2026-11-26 01:10:38.933195+00	2026-11-26 01:10:38.933195+00
17	Den lille Havfrue	A tale, 1837.	»Den lille Havfrue« er skrevet af H. C. Andersen. Værket udkom i 1837.\nA voice is traded for two legs, and every step hurts. 🧜🏻‍♀️	8	2026-11-26 01:10:38.942524+00	2026-11-26 01:10:38.942524+00
18	Kejserens nye Klæder	»Kejserens nye Klæder« er skrevet af H. C. Andersen.	Værket udkom i 1837.\nNobody dares to say what a child says at once.	8	2026-11-26 01:10:38.947511+00	2026-11-26 01:10:38.947511+00
19	Snedronningen	\N	»Snedronningen« er skrevet af H. C. Andersen. Værket udkom i 1844. A splinter of mirror makes a boy see only what is ugly. ❄️	8	2026-11-26 01:10:38.95265+00	2026-11-26 01:10:38.95265+00
20	Enten – Eller	A treatise, 1843.	»Enten – Eller« er skrevet af Søren Kierkegaard. Værket udkom i 1843. Two bundles of papers argue about how to live, and nobody declares a winner.	9	2026-11-26 01:10:38.962626+00	2026-11-26 01:10:38.962626+00
21	Frygt og Bæven	»Frygt og Bæven« er skrevet af Søren Kierkegaard.	Værket udkom i 1843. The same walk up the same mountain is told again and again, because it will not become easy.	9	2026-11-26 01:10:38.967721+00	2026-11-26 01:10:38.967721+00
22	Babettes Gæstebud	\N	»Babettes Gæstebud« er skrevet af Karen Blixen. Værket udkom i 1958.\n\nOne dinner costs everything that the cook has, and is worth it. 🍷	10	2026-11-26 01:10:38.977849+00	2026-11-26 01:10:38.977849+00
23	Den afrikanske Farm	A memoir, 1937.	»Den afrikanske Farm« er skrevet af Karen Blixen. Værket udkom i 1937.\n\nYears on a coffee farm below the Ngong hills, remembered without haste.	10	2026-11-26 01:10:38.982683+00	2026-11-26 01:10:38.982683+00
24	Heimskringla	Höfundur: Snorri Sturluson. Titill: „Heimskringla“.	Höfundur: Snorri Sturluson. Titill: „Heimskringla“.\n\nThe kings of Norway, one after the other, told by a man who knew courts from inside. 🇮🇸🇳🇴	11	2026-11-26 01:10:38.992549+00	2026-11-26 01:10:38.992549+00
25	Snorra-Edda	\N	Höfundur: Snorri Sturluson. Titill: „Snorra-Edda“.\nA handbook for poets that became the chief door into Norse myth.	11	2026-11-26 01:10:38.997529+00	2026-11-26 01:10:38.997529+00
26	Sjálfstætt fólk	A novel, 1934.	Höfundur: Halldór Laxness. Titill: „Sjálfstætt fólk“. Útgáfuár: 1934.\nA sheep farmer wants to owe nobody anything, whatever it costs the others.	12	2026-11-26 01:10:39.006067+00	2026-11-26 01:10:39.006067+00
27	Íslandsklukkan	Höfundur: Halldór Laxness. Titill: „Íslandsklukkan“.	Útgáfuár: 1943.\nA bell, a hanged man and a hunt for old manuscripts. The þ and ð are not decoration.	12	2026-11-26 01:10:39.009511+00	2026-11-26 01:10:39.009511+00
28	Íslandsklukkan	Höfundur: Halldór Laxness. Titill: „Íslandsklukkan“.	Útgáfuár: 1943.\nA bell, a hanged man and a hunt for old manuscripts. The þ and ð are not decoration.	13	2026-11-26 01:10:39.01582+00	2026-11-26 01:10:39.01582+00
29	Seitsemän veljestä	\N	”Seitsemän veljestä”, kirjoittaja Aleksis Kivi. Teos ilmestyi vuonna 1870. Seven brothers run into the forest rather than learn the alphabet, and learn it in the end.	14	2026-11-26 01:10:39.021807+00	2026-11-26 01:10:39.021807+00
30	Nummisuutarit	A play, 1864.	”Nummisuutarit”, kirjoittaja Aleksis Kivi. Teos ilmestyi vuonna 1864. A cobbler walks far to be married and comes home without a bride.	14	2026-11-26 01:10:39.025019+00	2026-11-26 01:10:39.025019+00
31	Sommarboken	”Sommarboken” är skriven av Tove Jansson.	Verket kom ut 1972. A grandmother and a girl share one small island for a summer.	15	2026-11-26 01:10:39.030818+00	2026-11-26 01:10:39.030818+00
32	Det osynliga barnet	\N	”Det osynliga barnet” är skriven av Tove Jansson. Verket kom ut 1962.\n\nA girl who was frightened out of sight becomes visible again, feet first.	15	2026-11-26 01:10:39.034031+00	2026-11-26 01:10:39.034031+00
33	Tõde ja õigus	A novel, 1926.	„Tõde ja õigus“, autor Anton Hansen Tammsaare. Teos ilmus aastal 1926.\n\nFive volumes begin with a man, a swamp and a neighbour. Mind the õ.	16	2026-11-26 01:10:39.040033+00	2026-11-26 01:10:39.040033+00
34	Põrgupõhja uus Vanapagan	„Põrgupõhja uus Vanapagan“, autor Anton Hansen Tammsaare.	Teos ilmus aastal 1939.\n\nThe devil leases a poor farm to find out whether a soul can be saved.	16	2026-11-26 01:10:39.043183+00	2026-11-26 01:10:39.043183+00
35	Uguns un nakts	\N	“Uguns un nakts”, autors Jānis Rainis. Darbs iznāca 1905. gadā.\nA bear-slayer and a dark knight stand for more than themselves.	17	2026-11-26 01:10:39.05039+00	2026-11-26 01:10:39.05039+00
36	Zelta zirgs	A play, 1909.	“Zelta zirgs”, autors Jānis Rainis. Darbs iznāca 1909. gadā.\nA youngest son rides up a glass mountain.	17	2026-11-26 01:10:39.053116+00	2026-11-26 01:10:39.053116+00
37	Metai	„Metai“, autorius Kristijonas Donelaitis.	Kūrinys išleistas 1818 metais.\nFour seasons of village life in hexameter, printed long after the pastor who wrote them had died.	18	2026-11-26 01:10:39.057554+00	2026-11-26 01:10:39.057554+00
38	Pan Tadeusz	\N	„Pan Tadeusz”, autor: Adam Mickiewicz. Pierwsze wydanie: 1834. A quarrel over a castle, a hunt, a recipe for bigos and a coffee all find their place in the verse. ☕	19	2026-11-26 01:10:39.061886+00	2026-11-26 01:10:39.061886+00
39	Dziady	A play, 1823.	„Dziady”, autor: Adam Mickiewicz. Pierwsze wydanie: 1823. The dead are called on the eve of All Souls, and they answer.	19	2026-11-26 01:10:39.064208+00	2026-11-26 01:10:39.064208+00
40	Konrad Wallenrod	„Konrad Wallenrod”, autor: Adam Mickiewicz.	Pierwsze wydanie: 1828. A master of an order works in secret for its defeat.	19	2026-11-26 01:10:39.066666+00	2026-11-26 01:10:39.066666+00
41	Wołanie do Yeti	\N	„Wołanie do Yeti”, autor: Wisława Szymborska. Pierwsze wydanie: 1957.\n\nA snow creature is invited to come down and read.	20	2026-11-26 01:10:39.070733+00	2026-11-26 01:10:39.070733+00
42	Koniec i początek	Poems, 1993.	„Koniec i początek”, autor: Wisława Szymborska. Pierwsze wydanie: 1993.\n\nAfter every war somebody has to sweep up.	20	2026-11-26 01:10:39.073356+00	2026-11-26 01:10:39.073356+00
43	Lalka	„Lalka”, autor: Bolesław Prus.	Pierwsze wydanie: 1890.\n\nA Warsaw merchant grows rich for a woman who cannot see him.	21	2026-11-26 01:10:39.079258+00	2026-11-26 01:10:39.079258+00
44	Faraon	\N	„Faraon”, autor: Bolesław Prus. Pierwsze wydanie: 1895.\nA young ruler learns what priests know about eclipses.	21	2026-11-26 01:10:39.082057+00	2026-11-26 01:10:39.082057+00
45	Solaris	A novel, 1961.	„Solaris”, autor: Stanisław Lem. Pierwsze wydanie: 1961.\nAn ocean answers questions that nobody asked. 🪐 👩🏽‍🚀 👨🏻‍🚀 🧑🏿‍🚀	22	2026-11-26 01:10:39.087702+00	2026-11-26 01:10:39.087702+00
46	Cyberiada	„Cyberiada”, autor: Stanisław Lem.	Pierwsze wydanie: 1965.\nTwo constructors build machines that do exactly what they were told. 🤖	22	2026-11-26 01:10:39.090583+00	2026-11-26 01:10:39.090583+00
47	Głos Pana	\N	„Głos Pana”, autor: Stanisław Lem. Pierwsze wydanie: 1968. A signal from the sky says more about those who listen than about those who sent it.	22	2026-11-26 01:10:39.093402+00	2026-11-26 01:10:39.093402+00
48	R.U.R.	A play, 1920.	„R.U.R.“, autor: Karel Čapek. Poprvé vyšlo roku 1920. The play that gave the world the word robot. 🤖\r\nThe line before this one ends the way a typewriter of 1920 would: CR, then LF.	23	2026-11-26 01:10:39.099102+00	2026-11-26 01:10:39.099102+00
49	Válka s mloky	„Válka s mloky“, autor: Karel Čapek.	Poprvé vyšlo roku 1936. Salamanders learn to dive for pearls, then to trade, then to bargain.	23	2026-11-26 01:10:39.101953+00	2026-11-26 01:10:39.101953+00
50	Bílá nemoc	\N	„Bílá nemoc“, autor: Karel Čapek. Poprvé vyšlo roku 1937.\n\nA doctor has a cure and a condition.	23	2026-11-26 01:10:39.104711+00	2026-11-26 01:10:39.104711+00
51	Válka s mloky	„Válka s mloky“, autor: Karel Čapek.	Poprvé vyšlo roku 1936. Salamanders learn to dive for pearls, then to trade, then to bargain.	24	2026-11-26 01:10:39.109933+00	2026-11-26 01:10:39.109933+00
52	Babička	A novel, 1855.	„Babička“, autor: Božena Němcová. Poprvé vyšlo roku 1855.\n\nA grandmother keeps the year in order in a valley full of children.	25	2026-11-26 01:10:39.115065+00	2026-11-26 01:10:39.115065+00
53	Karla	„Karla“, autor: Božena Němcová.	Poprvé vyšlo roku 1855.\n\nA soldier's widow hides a child in the wrong clothes.	25	2026-11-26 01:10:39.117826+00	2026-11-26 01:10:39.117826+00
54	Osudy dobrého vojáka Švejka za světové války	\N	„Osudy dobrého vojáka Švejka za světové války“, autor: Jaroslav Hašek. Poprvé vyšlo roku 1921.\nA certified fool obeys every order, which is how he survives. 🍺	26	2026-11-26 01:10:39.122865+00	2026-11-26 01:10:39.122865+00
55	Příliš hlučná samota	A novel, 1976.	„Příliš hlučná samota“, autor: Bohumil Hrabal. Poprvé vyšlo roku 1976.\nA man who pulps books cannot stop reading them.	27	2026-11-26 01:10:39.128911+00	2026-11-26 01:10:39.128911+00
56	Ostře sledované vlaky	„Ostře sledované vlaky“, autor: Bohumil Hrabal.	Poprvé vyšlo roku 1965.\nA shy dispatcher, a small station and a train that matters.	27	2026-11-26 01:10:39.132001+00	2026-11-26 01:10:39.132001+00
57	Hájnikova žena	\N	„Hájnikova žena“, autor: Pavol Országh Hviezdoslav. Prvé vydanie: 1886. A gamekeeper's wife in the high forest defends herself.	28	2026-11-26 01:10:39.13806+00	2026-11-26 01:10:39.13806+00
58	Krvavé sonety	Poems, 1919.	„Krvavé sonety“, autor: Pavol Országh Hviezdoslav. Prvé vydanie: 1919. Sonnets written against the first months of a great war.	28	2026-11-26 01:10:39.141+00	2026-11-26 01:10:39.141+00
59	János vitéz	„János vitéz”, szerző: Petőfi Sándor.	Első megjelenés: 1845. A shepherd becomes a knight, sees giants and comes back for one rose.	29	2026-11-26 01:10:39.1477+00	2026-11-26 01:10:39.1477+00
60	Nemzeti dal	\N	„Nemzeti dal”, szerző: Petőfi Sándor. Első megjelenés: 1848.\n\nSix stanzas that a crowd repeated in one day of March.	29	2026-11-26 01:10:39.151513+00	2026-11-26 01:10:39.151513+00
61	Az ember tragédiája	A play, 1861.	„Az ember tragédiája”, szerző: Madách Imre. Első megjelenés: 1861.\n\nAdam dreams the whole of history, Lucifer comments.	30	2026-11-26 01:10:39.158666+00	2026-11-26 01:10:39.158666+00
62	Az ajtó	„Az ajtó”, szerző: Szabó Magda.	Első megjelenés: 1987.\n\nA writer and her housekeeper love each other, and one door stays shut. Long ő and ű must survive.	31	2026-11-26 01:10:39.165163+00	2026-11-26 01:10:39.165163+00
63	Abigél	\N	„Abigél”, szerző: Szabó Magda. Első megjelenés: 1970.\nIn a school of war-time, letters are left in the jug of a statue.	31	2026-11-26 01:10:39.16858+00	2026-11-26 01:10:39.16858+00
64	Luceafărul	A poem, 1883.	„Luceafărul”, autor: Mihai Eminescu. Prima apariție: 1883.\nThe evening star wants to become mortal and is refused. Here ș and ț have commas, not cedillas.	32	2026-11-26 01:10:39.174688+00	2026-11-26 01:10:39.174688+00
65	Scrisori	„Scrisori”, autor: Mihai Eminescu.	Prima apariție: 1881.\nVerse letters in which philosophy and scorn take turns.	32	2026-11-26 01:10:39.17874+00	2026-11-26 01:10:39.17874+00
66	Amintiri din copilărie	\N	„Amintiri din copilărie”, autor: Ion Creangă. Prima apariție: 1881. A village childhood with stolen cherries and a sold hoopoe. 🍒	33	2026-11-26 01:10:39.185374+00	2026-11-26 01:10:39.185374+00
67	Povestea lui Harap-Alb	A tale, 1877.	„Povestea lui Harap-Alb”, autor: Ion Creangă. Prima apariție: 1877. A prince must serve an impostor until he learns.	33	2026-11-26 01:10:39.188947+00	2026-11-26 01:10:39.188947+00
68	Ateşten Gömlek	“Ateşten Gömlek”, yazarı: Halide Edib Adıvar.	İlk yayım yılı: 1922. A novel of a war, written while the war was still going on.	34	2026-11-26 01:10:39.196874+00	2026-11-26 01:10:39.196874+00
69	Sinekli Bakkal	\N	“Sinekli Bakkal”, yazarı: Halide Edib Adıvar. İlk yayım yılı: 1936.\n\nA street, a singer and a puppet player at the end of an empire.	34	2026-11-26 01:10:39.20016+00	2026-11-26 01:10:39.20016+00
70	Kürk Mantolu Madonna	A novel, 1943.	“Kürk Mantolu Madonna”, yazarı: Sabahattin Ali. İlk yayım yılı: 1943.\n\nA quiet clerk leaves a notebook about a painting in Berlin.	35	2026-11-26 01:10:39.206534+00	2026-11-26 01:10:39.206534+00
71	İçimizdeki Şeytan	“İçimizdeki Şeytan”, yazarı: Sabahattin Ali.	İlk yayım yılı: 1940.\n\nThe capital İ here is U+0130: lower-casing it carelessly makes two code points.	35	2026-11-26 01:10:39.210323+00	2026-11-26 01:10:39.210323+00
72	Kuyucaklı Yusuf	\N	“Kuyucaklı Yusuf”, yazarı: Sabahattin Ali. İlk yayım yılı: 1937.\nAn orphan cannot fit into a small town, and the town does not try.	35	2026-11-26 01:10:39.215041+00	2026-11-26 01:10:39.215041+00
73	Çalıkuşu	A novel, 1922.	“Çalıkuşu”, yazarı: Reşat Nuri Güntekin. İlk yayım yılı: 1922.\nA teacher nicknamed after a bird carries her trunk from province to province. dotted İ i, dotless I ı.	36	2026-11-26 01:10:39.222608+00	2026-11-26 01:10:39.222608+00
74	Yaprak Dökümü	“Yaprak Dökümü”, yazarı: Reşat Nuri Güntekin.	İlk yayım yılı: 1930.\nA family falls apart leaf by leaf. 🍂	36	2026-11-26 01:10:39.22515+00	2026-11-26 01:10:39.22515+00
75	Çalıkuşu	A novel, 1922.	“Çalıkuşu”, yazarı: Reşat Nuri Güntekin. İlk yayım yılı: 1922.\nA teacher nicknamed after a bird carries her trunk from province to province. dotted İ i, dotless I ı.	37	2026-11-26 01:10:39.230341+00	2026-11-26 01:10:39.230341+00
76	Saatleri Ayarlama Enstitüsü	\N	“Saatleri Ayarlama Enstitüsü”, yazarı: Ahmet Hamdi Tanpınar. İlk yayım yılı: 1961. An institute sets all clocks right and produces a great deal of paper. 🕰️	38	2026-11-26 01:10:39.23506+00	2026-11-26 01:10:39.23506+00
77	Huzur	A novel, 1949.	“Huzur”, yazarı: Ahmet Hamdi Tanpınar. İlk yayım yılı: 1949. One day in Istanbul before a war holds a whole love story.	38	2026-11-26 01:10:39.239483+00	2026-11-26 01:10:39.239483+00
78	Memleketimden İnsan Manzaraları	“Memleketimden İnsan Manzaraları”, yazarı: Nâzım Hikmet.	İlk yayım yılı: 1966. A train leaves a station and carries a country in verse. Both ı and i ride along.	39	2026-11-26 01:10:39.248372+00	2026-11-26 01:10:39.248372+00
79	Leyli və Məcnun	\N	“Leyli və Məcnun”, müəllifi: Məhəmməd Füzuli. İlk dəfə 1536-cı ildə.\n\nThe desert lovers in Azerbaijani couplets; the schwa Ə ə is a letter like any other.	40	2026-11-26 01:10:39.254661+00	2026-11-26 01:10:39.254661+00
80	Şikayətnamə	Essays.	“Şikayətnamə”, müəllifi: Məhəmməd Füzuli.\n\nA pension is granted on paper, and the office returns the greeting only to those who pay.	40	2026-11-26 01:10:39.257634+00	2026-11-26 01:10:39.257634+00
81	Truyện Kiều	“Truyện Kiều” là tác phẩm của Nguyễn Du.	Tác phẩm ra đời năm 1820.\n\nMore than three thousand lines of six and eight syllables, first written in 𡨸喃.\nChữ Nôm: 傳翹, 斷腸新聲.	41	2026-11-26 01:10:39.263337+00	2026-11-26 01:10:39.263337+00
82	Văn tế thập loại chúng sinh	\N	“Văn tế thập loại chúng sinh” là tác phẩm của Nguyễn Du.\nAn offering for all wandering souls, whatever they did in life.	41	2026-11-26 01:10:39.266028+00	2026-11-26 01:10:39.266028+00
83	Truyện Kiều	“Truyện Kiều” là tác phẩm của Nguyễn Du.	Tác phẩm ra đời năm 1820.\n\nMore than three thousand lines of six and eight syllables, first written in 𡨸喃.\nChữ Nôm: 傳翹, 斷腸新聲.	42	2026-11-26 01:10:39.271337+00	2026-11-26 01:10:39.271337+00
84	Bánh trôi nước	A poem.	“Bánh trôi nước” là tác phẩm của Hồ Xuân Hương.\nA sweet dumpling speaks, and everybody knows that it is not about dumplings. 🥟	43	2026-11-26 01:10:39.276834+00	2026-11-26 01:10:39.276834+00
85	Mời trầu	“Mời trầu” là tác phẩm của Hồ Xuân Hương.	“Mời trầu” là tác phẩm của Hồ Xuân Hương.\nBetel leaves are offered with a warning: be red together or be gone.	43	2026-11-26 01:10:39.280015+00	2026-11-26 01:10:39.280015+00
86	Chí Phèo	\N	“Chí Phèo” là tác phẩm của Nam Cao. Tác phẩm ra đời năm 1941. A village outcast asks for the right to be an honest man.	44	2026-11-26 01:10:39.285241+00	2026-11-26 01:10:39.285241+00
87	Lão Hạc	A tale, 1943.	“Lão Hạc” là tác phẩm của Nam Cao. Tác phẩm ra đời năm 1943. An old man sells his dog and cannot forgive himself. 🐕	44	2026-11-26 01:10:39.288472+00	2026-11-26 01:10:39.288472+00
88	Số đỏ	“Số đỏ” là tác phẩm của Vũ Trọng Phụng.	Tác phẩm ra đời năm 1936. A ball boy rises to the top of society by luck alone. 🎾	45	2026-11-26 01:10:39.294161+00	2026-11-26 01:10:39.294161+00
89	Giông tố	\N	“Giông tố” là tác phẩm của Vũ Trọng Phụng. Tác phẩm ra đời năm 1936.\n\nA storm breaks over a village girl and a rich man's house.	45	2026-11-26 01:10:39.296912+00	2026-11-26 01:10:39.296912+00
90	El ingenioso hidalgo don Quijote de la Mancha	A novel, 1605.	«El ingenioso hidalgo don Quijote de la Mancha» es una obra de Miguel de Cervantes. Se publicó en 1605.\n\nA reader decides to live what he has read; his squire decides to come along.	46	2026-11-26 01:10:39.301829+00	2026-11-26 01:10:39.301829+00
91	Novelas ejemplares	«Novelas ejemplares» es una obra de Miguel de Cervantes.	Se publicó en 1613.\n\nAmong them two dogs that spend a night talking.	46	2026-11-26 01:10:39.307364+00	2026-11-26 01:10:39.307364+00
92	La Galatea	\N	«La Galatea» es una obra de Miguel de Cervantes. Se publicó en 1585.\nA pastoral whose second part was promised for thirty years.	46	2026-11-26 01:10:39.310526+00	2026-11-26 01:10:39.310526+00
93	Primero sueño	A poem, 1692.	«Primero sueño» es una obra de Sor Juana Inés de la Cruz. Se publicó en 1692.\nThe soul climbs towards knowledge while the body sleeps, and wakes at dawn.	47	2026-11-26 01:10:39.315629+00	2026-11-26 01:10:39.315629+00
94	Respuesta a Sor Filotea	«Respuesta a Sor Filotea» es una obra de Sor Juana Inés de la Cruz.	Se publicó en 1691.\nA nun defends the right of women to study, with footnotes and irony.	47	2026-11-26 01:10:39.318617+00	2026-11-26 01:10:39.318617+00
95	La biblioteca de Babel	\N	«La biblioteca de Babel» es una obra de Jorge Luis Borges. Se publicó en 1941. Every shelf holds every title. Some that are certainly there:\n\nGösta Berlings saga\nNils Holgerssons underbara resa genom Sverige\nKejsarn av Portugallien\nRöda rummet\nFröken Julie\nEtt drömspel\nKallocain\nFör trädets skull\nDikter\nSeptemberlyran\nEt dukkehjem\nPeer Gynt\nVildanden\nKristin Lavransdatter\nJenny\nDen lille Havfrue\nKejserens nye Klæder\nSnedronningen\nEnten – Eller\nFrygt og Bæven\nBabettes Gæstebud\nDen afrikanske Farm\nHeimskringla\nSnorra-Edda\nSjálfstætt fólk\nÍslandsklukkan\nSeitsemän veljestä\nNummisuutarit\nSommarboken\nDet osynliga barnet\nTõde ja õigus\nPõrgupõhja uus Vanapagan\nUguns un nakts\nZelta zirgs\nMetai\nPan Tadeusz\nDziady\nKonrad Wallenrod\nWołanie do Yeti\nKoniec i początek\nLalka\nFaraon\nSolaris\nCyberiada\nGłos Pana\nR.U.R.\nVálka s mloky\nBílá nemoc\nBabička\nKarla\nOsudy dobrého vojáka Švejka za světové války\nPříliš hlučná samota\nOstře sledované vlaky\nHájnikova žena\nKrvavé sonety\nJános vitéz\nNemzeti dal\nAz ember tragédiája\nAz ajtó\nAbigél\nLuceafărul\nScrisori\nAmintiri din copilărie\nPovestea lui Harap-Alb\nAteşten Gömlek\nSinekli Bakkal\nKürk Mantolu Madonna\nİçimizdeki Şeytan\nKuyucaklı Yusuf\nÇalıkuşu\nYaprak Dökümü\nSaatleri Ayarlama Enstitüsü\nHuzur\nMemleketimden İnsan Manzaraları\nLeyli və Məcnun\nŞikayətnamə\nTruyện Kiều\nVăn tế thập loại chúng sinh\nBánh trôi nước\nMời trầu\nChí Phèo\nLão Hạc\nSố đỏ\nGiông tố\nEl ingenioso hidalgo don Quijote de la Mancha\nNovelas ejemplares\nLa Galatea\nPrimero sueño\nRespuesta a Sor Filotea\nLa biblioteca de Babel\nEl Aleph\nFicciones\nDesolación\nTala\nBodas de sangre\nRomancero gitano\nCantares gallegos\nFollas novas\nLa plaça del Diamant\nMirall trencat\nOs Lusíadas\nMensagem\nLivro do Desassossego\nMemórias póstumas de Brás Cubas\nDom Casmurro\nO alienista\nA hora da estrela\nA paixão segundo G.H.\nLes Misérables\nNotre-Dame de Paris\nLes Contemplations\nLe Père Goriot\nIllusions perdues\nLa Mare au diable\nLa Petite Fadette\nDu côté de chez Swann\nÀ l’ombre des jeunes filles en fleurs\nLe Testament\nFaust. Eine Tragödie\nDie Leiden des jungen Werthers\nWest-östlicher Divan\nDie Verwandlung\nDer Process\nDas Schloss\nDie Judenbuche\nDer Knabe im Moor\nDuineser Elegien\nDie Aufzeichnungen des Malte Laurids Brigge\nLa Divina Commedia\nVita nuova\nCanti\nOperette morali\nCanne al vento\nLa madre\nLa coscienza di Zeno\nMax Havelaar\nDe stille kracht\nEline Vere\nCré na Cille\nJane Eyre\nVillette\nThe Life and Strange Surprizing Adventures of Robinson Crusoe, of York, Mariner\nA Journal of the Plague Year\nFrankenstein; or, The Modern Prometheus\nThe Last Man\nBeloved\nSong of Solomon\nThings Fall Apart\nArrow of God\nÒgbójú Ọdẹ Nínú Igbó Irúnmalẹ̀\nIgbó Olódùmarè\nKusadikika\nAdili na Nduguze\nAeneis\nGeorgica\nEclogae\nMetamorphoses\nTristia\nἸλιάς\nὈδύσσεια\nΠοικιλόθρον᾽ ἀθανάτ᾽ Ἀφρόδιτα\nΦαίνεταί μοι\nἈντιγόνη\nΟἰδίπους Τύραννος\nΙθάκη\nΠεριμένοντας τους βαρβάρους\nΤείχη\nΒίος και Πολιτεία του Αλέξη Ζορμπά\nΟ Χριστός Ξανασταυρώνεται\nΜυθιστόρημα\nΚίχλη\nЕвгений Онегин\nМедный всадник\nКапитанская дочка\nПиковая дама\nПреступление и наказание\nБратья Карамазовы\nИдиот\nВойна и мир\nАнна Каренина\nСмерть Ивана Ильича\nВишнёвый сад\nЧайка\nДама с собачкой\nРеквием\nВечер\nМастер и Маргарита\nСобачье сердце\nКобзар\nГайдамаки\nЗаповіт\nЛісова пісня\nБояриня\nЗахар Беркут\nЗів’яле листя\nПаўлінка\nПод игото\nЕпопея на забравените\nНа Дрини ћуприја\nПроклета авлија\nСеобе\nЛамент над Београдом\nБели мугри\nҚара сөз\nМиний нутаг\nვეფხისტყაოსანი\nკაცია-ადამიანი?!\nგანდეგილი\nსტუმარ-მასპინძელი\nშვლის ნუკრის ნაამბობი\nԱնուշ\nՔաջ Նազար\nՄատեան ողբերգութեան\nԵս իմ անուշ Հայաստանի\nԵրկիր Նաիրի\n静夜思\n将进酒\n蜀道难\n春望\n茅屋为秋风所破歌\n登高\n红楼梦\n西游记\n狂人日记\n阿Q正传\n呐喊\n声声慢\n如梦令\n金锁记\n倾城之恋\n念奴嬌·赤壁懷古\n水調歌頭\n前赤壁賦\n聊齋誌異\n桃花源記\n歸去來辭\n源氏物語\n紫式部日記\n枕草子\nおくのほそ道\n野ざらし紀行\n吾輩は猫である\nこころ\n坊っちゃん\n草枕\nたけくらべ\nにごりえ\n羅生門\n藪の中\n銀河鉄道の夜\n注文の多い料理店\n雨ニモマケズ\nドグラ・マグラ\n진달래꽃\n하늘과 바람과 별과 시\n서시\n별 헤는 밤\n날개\n오감도\n홍길동전\n토지\n김약국의 딸들\nعلى قدر أهل العزم تأتي العزائم\nواحر قلباه\nبين القصرين\nقصر الشوق\nالسكرية\nأولاد حارتنا\nالأيام\nدعاء الكروان\nالأجنحة المتكسرة\nدمعة وابتسامة\nرسالة الغفران\nلزوم ما لا يلزم\nرجال في الشمس\nعائد إلى حيفا\nسوانح فتاة\nشاهنامه\nدیوان حافظ\nگلستان\nبوستان\nمثنوی معنوی\nدیوان شمس\nبوف کور\nسگ ولگرد\nتولدی دیگر\nایمان بیاوریم به آغاز فصل سرد\nرباعیات\nدیوانِ غالب\nدستنبو\nبانگِ درا\nبالِ جبریل\nٹوبہ ٹیک سنگھ\nٹھنڈا گوشت\nאל הציפור\nהכניסיני תחת כנפך\nבעיר ההריגה\nתמול שלשום\nהכנסת כלה\nהכוזרי\nלִבִּי בְמִזְרָח\nטבֿיה דער מילכיקער\nמאָטל פּייסי דעם חזנס\nܡܕܪ̈ܫܐ ܕܥܠ ܦܪܕܝܣܐ\n𒎏𒈨𒊹𒊏\nगोदान\nगबन\nईदगाह\nकफ़न\nबीजक\nरामचरितमानस\nविनय पत्रिका\nयामा\nदीपशिखा\nकामायनी\nअभिज्ञानशाकुन्तलम्\nमेघदूतम्\nरघुवंशम्\nमहाभारतम्\nज्ञानेश्वरी\nमुना मदन\nগীতাঞ্জলি\nগোরা\nঘরে বাইরে\nকাবুলিওয়ালা\nঅগ্নিবীণা\nসঞ্চিতা\nপথের পাঁচালী\nআরণ্যক\nঅবরোধবাসিনী\nমতিচূর\nதிருக்குறள்\nசிலப்பதிகாரம்\nபாஞ்சாலி சபதம்\nகுயில் பாட்டு\nபொன்னியின் செல்வன்\nசிவகாமியின் சபதம்\nకన్యాశుల్కం\nముత్యాల సరాలు\nಶ್ರೀ ರಾಮಾಯಣ ದರ್ಶನಂ\nಮಲೆಗಳಲ್ಲಿ ಮದುಮಗಳು\nബാല്യകാലസഖി\nപാത്തുമ്മായുടെ ആട്\nചെമ്മീൻ\nસત્યના પ્રયોગો\nહિંદ સ્વરાજ\nਪਿੰਜਰ\nਰਸੀਦੀ ਟਿਕਟ\nଛ ମାଣ ଆଠ ଗୁଣ୍ଠ\nගම්පෙරළිය\nමඩොල් දූව\nพระอภัยมณี\nนิราศภูเขาทอง\nข้างหลังภาพ\nแลไปข้างหน้า\nទុំទាវ\nမောင်ရင်မောင် မမယ်မ ဝတ္ထု\nམགུལ་གླུ\nፍቅር እስከ መቃብር\nየልምዣት\nልብ ወለድ ታሪክ\nእሳት ወይ አበባ\nFundamento de Esperanto\nBlodeuwedd\nSiwan\nDundo Maroje\nGospoda Glembajevi\nPovratak Filipa Latinovicza\nZdravljica\nSonetni venec\nGjenerali i ushtrisë së vdekur\nKronikë në gur	48	2026-11-26 01:10:39.323954+00	2026-11-26 01:10:39.323954+00
96	El Aleph	Stories, 1949.	«El Aleph» es una obra de Jorge Luis Borges. Se publicó en 1949. In a cellar there is a point that holds all points.	48	2026-11-26 01:10:39.328578+00	2026-11-26 01:10:39.328578+00
97	Ficciones	«Ficciones» es una obra de Jorge Luis Borges.	Se publicó en 1944. Books that were never written are reviewed here.	48	2026-11-26 01:10:39.331734+00	2026-11-26 01:10:39.331734+00
98	Desolación	\N	«Desolación» es una obra de Gabriela Mistral. Se publicó en 1922.\n\nLandscape and grief from the far south.	49	2026-11-26 01:10:39.336826+00	2026-11-26 01:10:39.336826+00
99	Tala	Poems, 1938.	«Tala» es una obra de Gabriela Mistral. Se publicó en 1938.\n\nPoems of cut timber; the proceeds went to children of war.	49	2026-11-26 01:10:39.339508+00	2026-11-26 01:10:39.339508+00
100	Bodas de sangre	«Bodas de sangre» es una obra de Federico García Lorca.	Se publicó en 1933.\n\nA bride, a horse and the moon as a woodcutter.	50	2026-11-26 01:10:39.344872+00	2026-11-26 01:10:39.344872+00
101	Romancero gitano	\N	«Romancero gitano» es una obra de Federico García Lorca. Se publicó en 1928.\nOld ballad metre, new metal light.	50	2026-11-26 01:10:39.347362+00	2026-11-26 01:10:39.347362+00
102	Cantares gallegos	Poems, 1863.	«Cantares gallegos» é unha obra de Rosalía de Castro. Publicouse en 1863.\nA book that gave Galician a voice in print again.	51	2026-11-26 01:10:39.353613+00	2026-11-26 01:10:39.353613+00
103	Follas novas	«Follas novas» é unha obra de Rosalía de Castro.	Publicouse en 1880.\nNew leaves with an old sorrow for those who had to emigrate.	51	2026-11-26 01:10:39.357245+00	2026-11-26 01:10:39.357245+00
104	La plaça del Diamant	\N	«La plaça del Diamant» és una obra de Mercè Rodoreda. Es va publicar el 1962. A woman tells of pigeons, hunger and a square where she once danced. 🕊️	52	2026-11-26 01:10:39.366101+00	2026-11-26 01:10:39.366101+00
105	Mirall trencat	A novel, 1974.	«Mirall trencat» és una obra de Mercè Rodoreda. Es va publicar el 1974. Three generations seen in pieces of one mirror.	52	2026-11-26 01:10:39.370144+00	2026-11-26 01:10:39.370144+00
106	Os Lusíadas	«Os Lusíadas» é uma obra de Luís de Camões.	Foi publicada em 1572. A voyage to India in ten cantos with ancient gods on both sides.	53	2026-11-26 01:10:39.378205+00	2026-11-26 01:10:39.378205+00
107	Mensagem	\N	«Mensagem» é uma obra de Fernando Pessoa. Foi publicada em 1934.\n\nThe only book of Portuguese verse that the author saw in print.	54	2026-11-26 01:10:39.38524+00	2026-11-26 01:10:39.38524+00
108	Livro do Desassossego	Essays, 1982.	«Livro do Desassossego» é uma obra de Fernando Pessoa. Foi publicada em 1982.\n\nLoose pages by an assistant bookkeeper who did not exist, found in a trunk.	54	2026-11-26 01:10:39.388558+00	2026-11-26 01:10:39.388558+00
109	Memórias póstumas de Brás Cubas	«Memórias póstumas de Brás Cubas» é uma obra de Joaquim Maria Machado de Assis.	Foi publicada em 1881.\n\nA dead man tells his life and dedicates it to the first worm.	55	2026-11-26 01:10:39.396964+00	2026-11-26 01:10:39.396964+00
110	Dom Casmurro	\N	«Dom Casmurro» é uma obra de Joaquim Maria Machado de Assis. Foi publicada em 1899.\nA jealous narrator asks us to judge, and keeps the evidence.	55	2026-11-26 01:10:39.401645+00	2026-11-26 01:10:39.401645+00
111	O alienista	A tale, 1882.	«O alienista» é uma obra de Joaquim Maria Machado de Assis. Foi publicada em 1882.\nA doctor locks up a town, one reasonable diagnosis at a time.	55	2026-11-26 01:10:39.406068+00	2026-11-26 01:10:39.406068+00
112	A hora da estrela	«A hora da estrela» é uma obra de Clarice Lispector.	Foi publicada em 1977.\nA narrator struggles to tell of a typist who asks for almost nothing.	56	2026-11-26 01:10:39.415089+00	2026-11-26 01:10:39.415089+00
113	A paixão segundo G.H.	\N	«A paixão segundo G.H.» é uma obra de Clarice Lispector. Foi publicada em 1964. A wardrobe, an insect and the end of a person's outline. 🪳	56	2026-11-26 01:10:39.419943+00	2026-11-26 01:10:39.419943+00
114	Les Misérables	A novel, 1862.	« Les Misérables », une œuvre signée Victor Hugo. Première parution : 1862. A loaf of bread, a bishop's silver and a long pursuit.	57	2026-11-26 01:10:39.434214+00	2026-11-26 01:10:39.434214+00
115	Notre-Dame de Paris	« Notre-Dame de Paris », une œuvre signée Victor Hugo.	Première parution : 1831. The chief character is made of stone.	57	2026-11-26 01:10:39.439625+00	2026-11-26 01:10:39.439625+00
116	Les Contemplations	\N	« Les Contemplations », une œuvre signée Victor Hugo. Première parution : 1856.\n\nTwo volumes of verse divided by the death of a daughter.	57	2026-11-26 01:10:39.444176+00	2026-11-26 01:10:39.444176+00
117	Le Père Goriot	A novel, 1835.	« Le Père Goriot », une œuvre signée Honoré de Balzac. Première parution : 1835.\n\nA boarding house knows all about its lodgers but the important thing.	58	2026-11-26 01:10:39.44893+00	2026-11-26 01:10:39.44893+00
118	Illusions perdues	« Illusions perdues », une œuvre signée Honoré de Balzac.	Première parution : 1837.\n\nPaper, print and newspapers, by somebody who had owned a press.\n\nvolume\ttitre\n1\tLes Deux Poètes\n2\tUn grand homme de province à Paris\n3\tLes Souffrances de l’inventeur\n	58	2026-11-26 01:10:39.450788+00	2026-11-26 01:10:39.450788+00
119	La Mare au diable	\N	« La Mare au diable », une œuvre signée George Sand. Première parution : 1846.\nLost at night by a pond, a ploughman finds what he was not looking for.	59	2026-11-26 01:10:39.453654+00	2026-11-26 01:10:39.453654+00
120	La Petite Fadette	A novel, 1849.	« La Petite Fadette », une œuvre signée George Sand. Première parution : 1849.\nTwins, a mocked girl and a will-o'-the-wisp.	59	2026-11-26 01:10:39.455072+00	2026-11-26 01:10:39.455072+00
121	Du côté de chez Swann	« Du côté de chez Swann », une œuvre signée Marcel Proust.	Première parution : 1913.\nA taste of cake and tea opens a whole town. ☕🍪	60	2026-11-26 01:10:39.458555+00	2026-11-26 01:10:39.458555+00
122	À l’ombre des jeunes filles en fleurs	\N	« À l’ombre des jeunes filles en fleurs », une œuvre signée Marcel Proust. Première parution : 1919. A summer at the sea and a group of girls on the front.	60	2026-11-26 01:10:39.460409+00	2026-11-26 01:10:39.460409+00
123	Le Testament	A poem, 1461.	« Le Testament », une œuvre signée François Villon. A thief and scholar leaves jokes and debts to his friends.	61	2026-11-26 01:10:39.465236+00	2026-11-26 01:10:39.465236+00
124	Faust. Eine Tragödie	„Faust. Eine Tragödie“ ist ein Werk von Johann Wolfgang von Goethe.	Es erschien 1808. A bet, a poodle and a scholar who wants a moment to stay.	62	2026-11-26 01:10:39.470797+00	2026-11-26 01:10:39.470797+00
125	Die Leiden des jungen Werthers	\N	„Die Leiden des jungen Werthers“ ist ein Werk von Johann Wolfgang von Goethe. Es erschien 1774.\n\nLetters to a friend that whole Europe read.	62	2026-11-26 01:10:39.474066+00	2026-11-26 01:10:39.474066+00
126	West-östlicher Divan	Poems, 1819.	„West-östlicher Divan“ ist ein Werk von Johann Wolfgang von Goethe. Es erschien 1819.\n\nAn answer in German to a poet of Shiraz.	62	2026-11-26 01:10:39.478072+00	2026-11-26 01:10:39.478072+00
127	Die Verwandlung	„Die Verwandlung“ ist ein Werk von Franz Kafka.	Es erschien 1915.\n\nA salesman wakes up changed and worries about the train. 🪲	63	2026-11-26 01:10:39.48653+00	2026-11-26 01:10:39.48653+00
128	Der Process	\N	„Der Process“ ist ein Werk von Franz Kafka. Es erschien 1925.\nA man is arrested one morning and goes on working.	63	2026-11-26 01:10:39.490572+00	2026-11-26 01:10:39.490572+00
129	Das Schloss	A novel, 1926.	„Das Schloss“ ist ein Werk von Franz Kafka. Es erschien 1926.\nA surveyor is employed, perhaps, by a castle on a hill.	63	2026-11-26 01:10:39.495573+00	2026-11-26 01:10:39.495573+00
130	Die Judenbuche	„Die Judenbuche“ ist ein Werk von Annette von Droste-Hülshoff.	Es erschien 1842.\nA tree keeps an account that a village would like to forget. 🌳	64	2026-11-26 01:10:39.501303+00	2026-11-26 01:10:39.501303+00
131	Der Knabe im Moor	\N	„Der Knabe im Moor“ ist ein Werk von Annette von Droste-Hülshoff. Es erschien 1842. A boy runs home over a bog and hears it breathe.	64	2026-11-26 01:10:39.503524+00	2026-11-26 01:10:39.503524+00
132	Duineser Elegien	Poems, 1923.	„Duineser Elegien“ ist ein Werk von Rainer Maria Rilke. Es erschien 1923. Ten elegies that took ten years and one storm.	65	2026-11-26 01:10:39.507836+00	2026-11-26 01:10:39.507836+00
133	Die Aufzeichnungen des Malte Laurids Brigge	„Die Aufzeichnungen des Malte Laurids Brigge“ ist ein Werk von Rainer Maria Rilke.	Es erschien 1910. A young Dane learns to see in Paris, and is afraid. Auf­zeich­nun­gen: soft hyphens show where the word may break.	65	2026-11-26 01:10:39.509965+00	2026-11-26 01:10:39.509965+00
134	La Divina Commedia	\N	«La Divina Commedia» è un’opera di Dante Alighieri.\n\nDown, up and out again to see the stars. ✨	66	2026-11-26 01:10:39.513533+00	2026-11-26 01:10:39.513533+00
135	Vita nuova	Poems, 1294.	«Vita nuova» è un’opera di Dante Alighieri.\n\nSonnets with their own commentary.	66	2026-11-26 01:10:39.515132+00	2026-11-26 01:10:39.515132+00
136	Canti	«Canti» è un’opera di Giacomo Leopardi.	Uscì nel 1831.\n\nA hedge hides the horizon, and that is where infinity begins.	67	2026-11-26 01:10:39.518288+00	2026-11-26 01:10:39.518288+00
137	Operette morali	\N	«Operette morali» è un’opera di Giacomo Leopardi. Uscì nel 1827.\nDialogues in which Nature declines to apologise.	67	2026-11-26 01:10:39.520598+00	2026-11-26 01:10:39.520598+00
138	Canne al vento	A novel, 1913.	«Canne al vento» è un’opera di Grazia Deledda. Uscì nel 1913.\nThree sisters and a servant with an old guilt, in Sardinia.	68	2026-11-26 01:10:39.525624+00	2026-11-26 01:10:39.525624+00
139	La madre	«La madre» è un’opera di Grazia Deledda.	Uscì nel 1920.\nA mother listens at night to the steps of her son, the priest.	68	2026-11-26 01:10:39.528204+00	2026-11-26 01:10:39.528204+00
140	La coscienza di Zeno	\N	«La coscienza di Zeno» è un’opera di Italo Svevo. Uscì nel 1923. The last cigarette is smoked on every second page. 🚬	69	2026-11-26 01:10:39.532839+00	2026-11-26 01:10:39.532839+00
141	Max Havelaar	A novel, 1860.	‘Max Havelaar’ is een werk van Eduard Douwes Dekker. Het verscheen in 1860. A coffee broker finds a parcel of papers, and the papers take over the book.	70	2026-11-26 01:10:39.53756+00	2026-11-26 01:10:39.53756+00
142	De stille kracht	‘De stille kracht’ is een werk van Louis Couperus.	Het verscheen in 1900. A resident on Java meets something that no decree can reach.	71	2026-11-26 01:10:39.542804+00	2026-11-26 01:10:39.542804+00
143	Eline Vere	\N	‘Eline Vere’ is een werk van Louis Couperus. Het verscheen in 1889.\n\nA young lady of The Hague cannot find what to do with herself.	71	2026-11-26 01:10:39.545336+00	2026-11-26 01:10:39.545336+00
144	Cré na Cille	A novel, 1949.	Údar: Máirtín Ó Cadhain. Teideal: “Cré na Cille”. Foilsithe: 1949.\n\nEverybody in it is dead and buried, and nobody stops talking.	72	2026-11-26 01:10:39.549442+00	2026-11-26 01:10:39.549442+00
145	Jane Eyre	“Jane Eyre” was written by Charlotte Brontë.	It was first published in 1847.\n\nA governess insists on her own terms. The diaeresis belongs to the name.	73	2026-11-26 01:10:39.553921+00	2026-11-26 01:10:39.553921+00
146	Villette	\N	“Villette” was written by Charlotte Brontë. It was first published in 1853.\nA teacher abroad withholds things even from her readers.	73	2026-11-26 01:10:39.555882+00	2026-11-26 01:10:39.555882+00
147	Jane Eyre	“Jane Eyre” was written by Charlotte Brontë.	It was first published in 1847.\n\nA governess insists on her own terms. The diaeresis belongs to the name.	74	2026-11-26 01:10:39.559606+00	2026-11-26 01:10:39.559606+00
148	The Life and Strange Surprizing Adventures of Robinson Crusoe, of York, Mariner	A novel, 1719.	“The Life and Strange Surprizing Adventures of Robinson Crusoe, of York, Mariner” was written by Daniel Defoe. It was first published in 1719.\nAn island, an account book and a footprint. 🏝️👣	75	2026-11-26 01:10:39.563398+00	2026-11-26 01:10:39.563398+00
149	A Journal of the Plague Year	“A Journal of the Plague Year” was written by Daniel Defoe.	It was first published in 1722.\nNumbers of the dead by parish, and a saddler who stayed.	75	2026-11-26 01:10:39.565639+00	2026-11-26 01:10:39.565639+00
150	Frankenstein; or, The Modern Prometheus	\N	“Frankenstein; or, The Modern Prometheus” was written by Mary Shelley. It was first published in 1818. A student makes a being and refuses to name him. ⚡	76	2026-11-26 01:10:39.56948+00	2026-11-26 01:10:39.56948+00
151	The Last Man	A novel, 1826.	“The Last Man” was written by Mary Shelley. It was first published in 1826. A plague leaves one person with a dog and a boat.	76	2026-11-26 01:10:39.571203+00	2026-11-26 01:10:39.571203+00
152	Beloved	“Beloved” was written by Toni Morrison.	\tIt was first published in 1987. A house remembers what its people try to forget. 🕯️	77	2026-11-26 01:10:39.57647+00	2026-11-26 01:10:39.57647+00
153	Song of Solomon	\N	“Song of Solomon” was written by Toni Morrison. It was first published in 1977.\n\nA man looks for gold and finds his family's name in a children's song.	77	2026-11-26 01:10:39.580612+00	2026-11-26 01:10:39.580612+00
154	Things Fall Apart	A novel, 1958.	“Things Fall Apart” was written by Chinua Achebe. It was first published in 1958.\n\nA strong man of Umuofia fears only one thing. 👨🏿‍🌾🇳🇬	78	2026-11-26 01:10:39.58922+00	2026-11-26 01:10:39.58922+00
155	Arrow of God	“Arrow of God” was written by Chinua Achebe.	It was first published in 1964.\n\nA priest counts the months with yams and refuses to hurry them.	78	2026-11-26 01:10:39.594228+00	2026-11-26 01:10:39.594228+00
156	Ògbójú Ọdẹ Nínú Igbó Irúnmalẹ̀	\N	Òǹkọ̀wé: Daniel Ọlọ́runfẹ́mi Fágúnwà. Àkọlé: “Ògbójú Ọdẹ Nínú Igbó Irúnmalẹ̀”. Ọdún: 1938.\nA hunter enters a forest of spirits. The ẹ̀ has no single code point, in any normal form.	79	2026-11-26 01:10:39.603957+00	2026-11-26 01:10:39.603957+00
157	Igbó Olódùmarè	A novel, 1949.	Òǹkọ̀wé: Daniel Ọlọ́runfẹ́mi Fágúnwà. Àkọlé: “Igbó Olódùmarè”. Ọdún: 1949.\nThe hunter's father had adventures too.	79	2026-11-26 01:10:39.609175+00	2026-11-26 01:10:39.609175+00
158	Ògbójú Ọdẹ Nínú Igbó Irúnmalẹ̀	\N	Òǹkọ̀wé: Daniel Ọlọ́runfẹ́mi Fágúnwà. Àkọlé: “Ògbójú Ọdẹ Nínú Igbó Irúnmalẹ̀”. Ọdún: 1938.\nA hunter enters a forest of spirits. The ẹ̀ has no single code point, in any normal form.	80	2026-11-26 01:10:39.618956+00	2026-11-26 01:10:39.618956+00
159	Kusadikika	Mwandishi: Shaaban Robert. Kitabu: “Kusadikika”.	Mwaka: 1951.\nIn an imaginary country a man is tried for wishing to reform the law. 🇹🇿	81	2026-11-26 01:10:39.627218+00	2026-11-26 01:10:39.627218+00
160	Adili na Nduguze	\N	Mwandishi: Shaaban Robert. Kitabu: “Adili na Nduguze”. Mwaka: 1952. A just man has two envious brothers. 👩🏾‍❤️‍👨🏿 👨‍👩‍👧‍👦 🏴󠁧󠁢󠁷󠁬󠁳󠁿	81	2026-11-26 01:10:39.630123+00	2026-11-26 01:10:39.630123+00
161	Aeneis	An epic.	Auctor: Publius Vergilius Maro. Opus: “Aeneis”. Arms, a man and a long way from Troy.	82	2026-11-26 01:10:39.637779+00	2026-11-26 01:10:39.637779+00
162	Georgica	Auctor: Publius Vergilius Maro. Opus: “Georgica”.	Auctor: Publius Vergilius Maro. Opus: “Georgica”. Ploughing, vines, cattle and bees. 🐝	82	2026-11-26 01:10:39.642796+00	2026-11-26 01:10:39.642796+00
163	Eclogae	\N	Auctor: Publius Vergilius Maro. Opus: “Eclogae”.\n\nShepherds sing, and behind them farms change hands.	82	2026-11-26 01:10:39.648142+00	2026-11-26 01:10:39.648142+00
164	Metamorphoses	An epic.	Auctor: Publius Ovidius Naso. Opus: “Metamorphoses”.\n\nEverything becomes something else, in fifteen books.	83	2026-11-26 01:10:39.656857+00	2026-11-26 01:10:39.656857+00
165	Tristia	Auctor: Publius Ovidius Naso. Opus: “Tristia”.	Auctor: Publius Ovidius Naso. Opus: “Tristia”.\n\nLetters from the edge of the empire by one who wants to go home.	83	2026-11-26 01:10:39.659777+00	2026-11-26 01:10:39.659777+00
166	Ἰλιάς	\N	Ἔγραψεν Ὅμηρος ὁ ποιητής. Ἔργον· «Ἰλιάς».\nSome weeks of the tenth year, and one man's anger.	84	2026-11-26 01:10:39.664788+00	2026-11-26 01:10:39.664788+00
167	Ὀδύσσεια	An epic.	Ἔγραψεν Ὅμηρος ὁ ποιητής. Ἔργον· «Ὀδύσσεια».\nTen years of going home. Rough breathing, acute and iota all matter here.	84	2026-11-26 01:10:39.667334+00	2026-11-26 01:10:39.667334+00
168	Ἰλιάς	\N	Ἔγραψεν Ὅμηρος ὁ ποιητής. Ἔργον· «Ἰλιάς».\nSome weeks of the tenth year, and one man's anger.	85	2026-11-26 01:10:39.672237+00	2026-11-26 01:10:39.672237+00
169	Ποικιλόθρον᾽ ἀθανάτ᾽ Ἀφρόδιτα	Ἔγραψεν Σαπφώ ἡ Λεσβία. Ἔργον· «Ποικιλόθρον᾽ ἀθανάτ᾽ Ἀφρόδιτα».	Ἔγραψεν Σαπφώ ἡ Λεσβία. Ἔργον· «Ποικιλόθρον᾽ ἀθανάτ᾽ Ἀφρόδιτα».\nA prayer to a goddess who has, it seems, heard it before.	86	2026-11-26 01:10:39.67661+00	2026-11-26 01:10:39.67661+00
170	Φαίνεταί μοι	\N	Ἔγραψεν Σαπφώ ἡ Λεσβία. Ἔργον· «Φαίνεταί μοι». Seeing somebody across a room, told as a list of symptoms.	86	2026-11-26 01:10:39.678997+00	2026-11-26 01:10:39.678997+00
171	Ἀντιγόνη	A play.	Ἔγραψεν Σοφοκλῆς ὁ Ἀθηναῖος. Ἔργον· «Ἀντιγόνη». A handful of dust on a brother against the order of a king.	87	2026-11-26 01:10:39.683525+00	2026-11-26 01:10:39.683525+00
172	Οἰδίπους Τύραννος	Ἔγραψεν Σοφοκλῆς ὁ Ἀθηναῖος. Ἔργον· «Οἰδίπους Τύραννος».	Ἔγραψεν Σοφοκλῆς ὁ Ἀθηναῖος. Ἔργον· «Οἰδίπους Τύραννος». A king investigates, and the trail ends at his own door.	87	2026-11-26 01:10:39.685939+00	2026-11-26 01:10:39.685939+00
173	Ιθάκη	\N	Συγγραφέας: Κωνσταντίνος Καβάφης. Τίτλος: «Ιθάκη». Πρώτη έκδοση: 1911.\n\nWish that the road be long; the island has nothing more to give.	88	2026-11-26 01:10:39.69049+00	2026-11-26 01:10:39.69049+00
174	Περιμένοντας τους βαρβάρους	A poem, 1904.	Συγγραφέας: Κωνσταντίνος Καβάφης. Τίτλος: «Περιμένοντας τους βαρβάρους». Πρώτη έκδοση: 1904.\n\nA whole city waits for people who do not come.	88	2026-11-26 01:10:39.693181+00	2026-11-26 01:10:39.693181+00
175	Τείχη	Συγγραφέας: Κωνσταντίνος Καβάφης. Τίτλος: «Τείχη».	Πρώτη έκδοση: 1897.\n\nWalls were built around a man who heard no sound of building.	88	2026-11-26 01:10:39.697154+00	2026-11-26 01:10:39.697154+00
176	Περιμένοντας τους βαρβάρους	A poem, 1904.	Συγγραφέας: Κωνσταντίνος Καβάφης. Τίτλος: «Περιμένοντας τους βαρβάρους». Πρώτη έκδοση: 1904.\n\nA whole city waits for people who do not come.	89	2026-11-26 01:10:39.706272+00	2026-11-26 01:10:39.706272+00
177	Βίος και Πολιτεία του Αλέξη Ζορμπά	\N	Συγγραφέας: Νίκος Καζαντζάκης. Τίτλος: «Βίος και Πολιτεία του Αλέξη Ζορμπά». Πρώτη έκδοση: 1946.\nA bookish man hires somebody who dances.	90	2026-11-26 01:10:39.712578+00	2026-11-26 01:10:39.712578+00
178	Ο Χριστός Ξανασταυρώνεται	A novel, 1954.	Συγγραφέας: Νίκος Καζαντζάκης. Τίτλος: «Ο Χριστός Ξανασταυρώνεται». Πρώτη έκδοση: 1954.\nA village casts its passion play, and the parts take hold.	90	2026-11-26 01:10:39.717012+00	2026-11-26 01:10:39.717012+00
179	Μυθιστόρημα	Συγγραφέας: Γιώργος Σεφέρης. Τίτλος: «Μυθιστόρημα».	Πρώτη έκδοση: 1935.\nTwenty-four pieces, stones and sea.	91	2026-11-26 01:10:39.726501+00	2026-11-26 01:10:39.726501+00
180	Κίχλη	\N	Συγγραφέας: Γιώργος Σεφέρης. Τίτλος: «Κίχλη». Πρώτη έκδοση: 1947. A sunken ship called the Thrush, seen through clear water. ó̂̃ carries three marks.	91	2026-11-26 01:10:39.730969+00	2026-11-26 01:10:39.730969+00
181	Евгений Онегин	A novel, 1833.	Автор: Александр Пушкин. Название: «Евгений Онегин». Первая публикация: 1833. A novel in verse, a duel in snow and two letters that cross too late.	92	2026-11-26 01:10:39.74166+00	2026-11-26 01:10:39.74166+00
182	Медный всадник	Автор: Александр Пушкин. Название: «Медный всадник».	Первая публикация: 1837. A river floods a city and a statue leaves its rock.	92	2026-11-26 01:10:39.746403+00	2026-11-26 01:10:39.746403+00
183	Капитанская дочка	\N	Автор: Александр Пушкин. Название: «Капитанская дочка». Первая публикация: 1836.\n\nA hare-skin coat given away in a blizzard is repaid.	92	2026-11-26 01:10:39.751086+00	2026-11-26 01:10:39.751086+00
184	Пиковая дама	A tale, 1834.	Автор: Александр Пушкин. Название: «Пиковая дама». Первая публикация: 1834.\n\nThree, seven, ace. 🂡	92	2026-11-26 01:10:39.755648+00	2026-11-26 01:10:39.755648+00
185	Преступление и наказание	Автор: Фёдор Достоевский. Название: «Преступление и наказание».	Первая публикация: 1866.\n\nA student has a theory. The ё in the author's name is one code point here.	93	2026-11-26 01:10:39.764723+00	2026-11-26 01:10:39.764723+00
186	Братья Карамазовы	\N	Автор: Фёдор Достоевский. Название: «Братья Карамазовы». Первая публикация: 1880.\nThree brothers, or four, and one father.	93	2026-11-26 01:10:39.769541+00	2026-11-26 01:10:39.769541+00
187	Идиот	A novel, 1869.	Автор: Фёдор Достоевский. Название: «Идиот». Первая публикация: 1869.\nA good man arrives by train.	93	2026-11-26 01:10:39.774605+00	2026-11-26 01:10:39.774605+00
188	Братья Карамазовы	\N	Автор: Фёдор Достоевский. Название: «Братья Карамазовы». Первая публикация: 1880.\nThree brothers, or four, and one father.	94	2026-11-26 01:10:39.783686+00	2026-11-26 01:10:39.783686+00
189	Война и мир	Автор: Лев Толстой. Название: «Война и мир».	Первая публикация: 1869.\nFive families and one invasion.	95	2026-11-26 01:10:39.792746+00	2026-11-26 01:10:39.792746+00
190	Анна Каренина	\N	Автор: Лев Толстой. Название: «Анна Каренина». Первая публикация: 1878. A train at the beginning and a train near the end. 🚂	95	2026-11-26 01:10:39.797399+00	2026-11-26 01:10:39.797399+00
191	Смерть Ивана Ильича	A tale, 1886.	Автор: Лев Толстой. Название: «Смерть Ивана Ильича». Первая публикация: 1886. A judge bumps his side while hanging curtains.	95	2026-11-26 01:10:39.80218+00	2026-11-26 01:10:39.80218+00
192	Вишнёвый сад	Автор: Антон Чехов. Название: «Вишнёвый сад».	Первая публикация: 1904. An orchard is sold while its owners talk of something else. 🌸	96	2026-11-26 01:10:39.813853+00	2026-11-26 01:10:39.813853+00
193	Чайка	\N	Автор: Антон Чехов. Название: «Чайка». Первая публикация: 1896.\n\nA play fails inside a play that failed at first, too.	96	2026-11-26 01:10:39.819067+00	2026-11-26 01:10:39.819067+00
194	Дама с собачкой	A tale, 1899.	Автор: Антон Чехов. Название: «Дама с собачкой». Первая публикация: 1899.\n\nA holiday affair refuses to end with the holiday.	96	2026-11-26 01:10:39.822162+00	2026-11-26 01:10:39.822162+00
195	Реквием	Автор: Анна Ахматова. Название: «Реквием».	Первая публикация: 1963.\n\nSeventeen months in prison queues, kept in memory before paper was safe.	97	2026-11-26 01:10:39.831926+00	2026-11-26 01:10:39.831926+00
196	Вечер	\N	Автор: Анна Ахматова. Название: «Вечер». Первая публикация: 1912.\nA first book with a left glove on the right hand.	97	2026-11-26 01:10:39.836516+00	2026-11-26 01:10:39.836516+00
197	Мастер и Маргарита	A novel, 1967.	Автор: Михаил Булгаков. Название: «Мастер и Маргарита». Первая публикация: 1967.\nThe devil visits Moscow with a large cat. 🐈‍⬛	98	2026-11-26 01:10:39.844946+00	2026-11-26 01:10:39.844946+00
198	Собачье сердце	Автор: Михаил Булгаков. Название: «Собачье сердце».	Первая публикация: 1968.\nA surgeon makes a citizen out of a stray dog.	98	2026-11-26 01:10:39.848489+00	2026-11-26 01:10:39.848489+00
199	Кобзар	\N	Хто написав: Тарас Шевченко. Назва: «Кобзар». Перша публікація: 1840. The first edition held eight poems and was enough. 🇺🇦	99	2026-11-26 01:10:39.853635+00	2026-11-26 01:10:39.853635+00
200	Гайдамаки	An epic, 1841.	Хто написав: Тарас Шевченко. Назва: «Гайдамаки». Перша публікація: 1841. An uprising told with no comfort for either side.	99	2026-11-26 01:10:39.857777+00	2026-11-26 01:10:39.857777+00
201	Заповіт	Хто написав: Тарас Шевченко. Назва: «Заповіт».	Хто написав: Тарас Шевченко. Назва: «Заповіт». A last wish about a grave above the river.	99	2026-11-26 01:10:39.862585+00	2026-11-26 01:10:39.862585+00
202	Лісова пісня	\N	Хто написав: Леся Українка. Назва: «Лісова пісня». Перша публікація: 1912.\n\nA forest being falls in love with a flute.	100	2026-11-26 01:10:39.870396+00	2026-11-26 01:10:39.870396+00
203	Бояриня	A play, 1914.	Хто написав: Леся Українка. Назва: «Бояриня». Перша публікація: 1914.\n\nA wife in Moscow misses the wide steppe.	100	2026-11-26 01:10:39.873042+00	2026-11-26 01:10:39.873042+00
204	Захар Беркут	Хто написав: Іван Франко. Назва: «Захар Беркут».	Перша публікація: 1883.\n\nMountain people stop an army with water.	101	2026-11-26 01:10:39.877272+00	2026-11-26 01:10:39.877272+00
205	Зів’яле листя	\N	Хто написав: Іван Франко. Назва: «Зів’яле листя». Перша публікація: 1896.\nThree handfuls of withered leaves. 🍂	101	2026-11-26 01:10:39.879049+00	2026-11-26 01:10:39.879049+00
206	Паўлінка	A play, 1913.	Аўтар: Янка Купала. Назва: «Паўлінка». Першая публікацыя: 1913.\nA matchmaker, a barn and a girl who has already chosen. Note the letter ў.	102	2026-11-26 01:10:39.882853+00	2026-11-26 01:10:39.882853+00
207	Паўлінка	A play, 1913.	Аўтар: Янка Купала. Назва: «Паўлінка». Першая публікацыя: 1913.\nA matchmaker, a barn and a girl who has already chosen. Note the letter ў.	103	2026-11-26 01:10:39.886592+00	2026-11-26 01:10:39.886592+00
208	Под игото	Автор: Иван Вазов. Заглавие: „Под игото“.	Първо издание: 1894.\nA stranger comes through a mill window one stormy night.	104	2026-11-26 01:10:39.889985+00	2026-11-26 01:10:39.889985+00
209	Епопея на забравените	\N	Автор: Иван Вазов. Заглавие: „Епопея на забравените“. Първо издание: 1884. Portraits in verse of those who should not be forgotten.	104	2026-11-26 01:10:39.89166+00	2026-11-26 01:10:39.89166+00
210	На Дрини ћуприја	A novel, 1945.	Аутор: Иво Андрић. Наслов: „На Дрини ћуприја“. Прво издање: 1945. A bridge stands four centuries and hears everything said on it.	105	2026-11-26 01:10:39.894789+00	2026-11-26 01:10:39.894789+00
211	Проклета авлија	Аутор: Иво Андрић. Наслов: „Проклета авлија“.	Прво издање: 1954. A prison yard in Istanbul, told at third hand.	105	2026-11-26 01:10:39.896447+00	2026-11-26 01:10:39.896447+00
212	Сеобе	\N	Аутор: Милош Црњански. Наслов: „Сеобе“. Прво издање: 1929.\n\nA regiment marches west for an empress and loses its reasons on the way.	106	2026-11-26 01:10:39.899377+00	2026-11-26 01:10:39.899377+00
213	Ламент над Београдом	A poem.	Аутор: Милош Црњански. Наслов: „Ламент над Београдом“.\n\nA far city is called by name from exile.	106	2026-11-26 01:10:39.90103+00	2026-11-26 01:10:39.90103+00
214	Бели мугри	Автор: Кочо Рацин. Наслов: „Бели мугри“.	Прво издание: 1939.\n\nShort poems of tobacco workers at white dawns.	107	2026-11-26 01:10:39.904054+00	2026-11-26 01:10:39.904054+00
215	Қара сөз	\N	Авторы: Абай Құнанбайұлы. Шығармасы: «Қара сөз».\nForty-five short words to a people the writer loved too much to flatter.	108	2026-11-26 01:10:39.907017+00	2026-11-26 01:10:39.907017+00
216	Миний нутаг	A poem, 1933.	Зохиогч: Дашдоржийн Нацагдорж. Бүтээл: «Миний нутаг». Он: 1933.\nMountains, rivers and steppe, and after each the same refrain of belonging. 🇲🇳	109	2026-11-26 01:10:39.911196+00	2026-11-26 01:10:39.911196+00
217	ვეფხისტყაოსანი	ავტორი: შოთა რუსთაველი. ნაწარმოები: „ვეფხისტყაოსანი“.	ავტორი: შოთა რუსთაველი. ნაწარმოები: „ვეფხისტყაოსანი“.\nFriends search for a friend in a panther's skin.	110	2026-11-26 01:10:39.914717+00	2026-11-26 01:10:39.914717+00
218	კაცია-ადამიანი?!	\N	ავტორი: ილია ჭავჭავაძე. ნაწარმოები: „კაცია-ადამიანი?!“. პირველი გამოცემა: 1863. A fat landowner counts flies on the ceiling. The title ends in two signs.	111	2026-11-26 01:10:39.918508+00	2026-11-26 01:10:39.918508+00
219	განდეგილი	A poem, 1883.	ავტორი: ილია ჭავჭავაძე. ნაწარმოები: „განდეგილი“. პირველი გამოცემა: 1883. A hermit in the ice of Kazbek takes in a shepherdess.	111	2026-11-26 01:10:39.92021+00	2026-11-26 01:10:39.92021+00
220	სტუმარ-მასპინძელი	ავტორი: ვაჟა ფშაველა. ნაწარმოები: „სტუმარ-მასპინძელი“.	პირველი გამოცემა: 1893. The law of the guest against the law of blood.	112	2026-11-26 01:10:39.923077+00	2026-11-26 01:10:39.923077+00
221	შვლის ნუკრის ნაამბობი	\N	ავტორი: ვაჟა ფშაველა. ნაწარმოები: „შვლის ნუკრის ნაამბობი“. პირველი გამოცემა: 1883.\n\nA fawn tells of its forest. 🦌	112	2026-11-26 01:10:39.92463+00	2026-11-26 01:10:39.92463+00
222	Անուշ	A poem, 1892.	Հեղինակ՝ Հովհաննես Թումանյան։ Երկը՝ «Անուշ»։ Առաջին հրատարակություն՝ 1892։\n\nA wrestling match among friends ends badly for love.	113	2026-11-26 01:10:39.927966+00	2026-11-26 01:10:39.927966+00
223	Քաջ Նազար	Հեղինակ՝ Հովհաննես Թումանյան։ Երկը՝ «Քաջ Նազար»։	Առաջին հրատարակություն՝ 1912։\n\nA coward kills some flies and becomes a king. 🪰	113	2026-11-26 01:10:39.92981+00	2026-11-26 01:10:39.92981+00
224	Մատեան ողբերգութեան	\N	Հեղինակ՝ Գրիգոր Նարեկացի։ Երկը՝ «Մատեան ողբերգութեան»։\nA conversation with God from the depths of the heart, in ninety-five chapters.	114	2026-11-26 01:10:39.933204+00	2026-11-26 01:10:39.933204+00
225	Ես իմ անուշ Հայաստանի	A poem, 1920.	Հեղինակ՝ Եղիշե Չարենց։ Երկը՝ «Ես իմ անուշ Հայաստանի»։ Առաջին հրատարակություն՝ 1920։\nSun-tasting words, lamenting strings and a mountain. 🇦🇲	115	2026-11-26 01:10:39.936931+00	2026-11-26 01:10:39.936931+00
226	Երկիր Նաիրի	Հեղինակ՝ Եղիշե Չարենց։ Երկը՝ «Երկիր Նաիրի»։	Առաջին հրատարակություն՝ 1926։\nA small town dreams of an old kingdom.	115	2026-11-26 01:10:39.938804+00	2026-11-26 01:10:39.938804+00
227	静夜思	\N	《静夜思》，作者李白。 Twenty characters: a bed, moonlight, frost, home. 🌕	116	2026-11-26 01:10:39.942703+00	2026-11-26 01:10:39.942703+00
228	将进酒	A poem.	《将进酒》，作者李白。 A river comes from the sky and does not return, so fill the cups.	116	2026-11-26 01:10:39.944722+00	2026-11-26 01:10:39.944722+00
229	蜀道难	《蜀道难》，作者李白。	《蜀道难》，作者李白。 Harder than climbing to the blue sky is the road to Shu.	116	2026-11-26 01:10:39.946516+00	2026-11-26 01:10:39.946516+00
230	春望	\N	《春望》，作者杜甫。\n\nA country is broken; hills and rivers stay.	117	2026-11-26 01:10:39.949894+00	2026-11-26 01:10:39.949894+00
231	茅屋为秋风所破歌	A poem.	《茅屋为秋风所破歌》，作者杜甫。\n\nA gale takes the thatch, and the poet wishes for ten thousand rooms, for others.	117	2026-11-26 01:10:39.95143+00	2026-11-26 01:10:39.95143+00
232	登高	《登高》，作者杜甫。	《登高》，作者杜甫。\n\nWind, gibbons, falling leaves and one more cup given up.	117	2026-11-26 01:10:39.953239+00	2026-11-26 01:10:39.953239+00
233	红楼梦	\N	《红楼梦》，作者曹雪芹。首次发表于1791年。\nA stone tells of a house of four hundred people in decline. A line separator stands before this sentence.	118	2026-11-26 01:10:39.95678+00	2026-11-26 01:10:39.95678+00
234	西游记	A novel, 1592.	《西游记》，作者吴承恩。首次发表于1592年。\nA monk, a monkey, a pig and a river ogre fetch some books. 🐒🐖	119	2026-11-26 01:10:39.960316+00	2026-11-26 01:10:39.960316+00
235	狂人日记	《狂人日记》，作者鲁迅。	　　首次发表于1918年。\nA madman reads between the lines of history.	120	2026-11-26 01:10:39.963517+00	2026-11-26 01:10:39.963517+00
236	阿Q正传	\N	《阿Q正传》，作者鲁迅。首次发表于1921年。 A man without a name wins every fight in his own mind. The title mixes scripts.	120	2026-11-26 01:10:39.965817+00	2026-11-26 01:10:39.965817+00
237	呐喊	Stories, 1923.	《呐喊》，作者鲁迅。首次发表于1923年。 Fourteen stories from an iron house.	120	2026-11-26 01:10:39.967456+00	2026-11-26 01:10:39.967456+00
238	声声慢	《声声慢》，作者李清照。	《声声慢》，作者李清照。 It begins with fourteen doubled characters of searching.	121	2026-11-26 01:10:39.970222+00	2026-11-26 01:10:39.970222+00
239	如梦令	\N	《如梦令》，作者李清照。\n\nA boat loses its way among lotus and startles the egrets. 🪷	121	2026-11-26 01:10:39.971655+00	2026-11-26 01:10:39.971655+00
240	金锁记	A tale, 1943.	《金锁记》，作者张爱玲。首次发表于1943年。\n\nGold makes a yoke, and the yoke makes a widow cruel.	122	2026-11-26 01:10:39.974566+00	2026-11-26 01:10:39.974566+00
241	倾城之恋	《倾城之恋》，作者张爱玲。	首次发表于1943年。\n\nA city has to fall so that two people may marry.	122	2026-11-26 01:10:39.975893+00	2026-11-26 01:10:39.975893+00
242	念奴嬌·赤壁懷古	\N	《念奴嬌·赤壁懷古》，作者蘇軾。\nThe great river runs east, and heroes with it.	123	2026-11-26 01:10:39.978679+00	2026-11-26 01:10:39.978679+00
243	水調歌頭	A poem, 1076.	《水調歌頭》，作者蘇軾。\nA cup raised to the moon for a brother a thousand miles away. 🥮	123	2026-11-26 01:10:39.980311+00	2026-11-26 01:10:39.980311+00
244	前赤壁賦	《前赤壁賦》，作者蘇軾。	《前赤壁賦》，作者蘇軾。\nA boat under a cliff, a flute, and a talk about what passes.	123	2026-11-26 01:10:39.982068+00	2026-11-26 01:10:39.982068+00
245	聊齋誌異	\N	《聊齋誌異》，作者蒲松齡。首次刊行於1766年。 Foxes, ghosts and examination candidates. Rare characters such as 𠮷 and 𪚥 must pass unharmed. 🦊	124	2026-11-26 01:10:39.985319+00	2026-11-26 01:10:39.985319+00
246	桃花源記	A tale.	《桃花源記》，作者陶淵明。 A fisherman follows peach blossom upstream and never finds it twice.	125	2026-11-26 01:10:39.988627+00	2026-11-26 01:10:39.988627+00
247	歸去來辭	《歸去來辭》，作者陶淵明。	《歸去來辭》，作者陶淵明。 An official resigns and goes home to five willows.	125	2026-11-26 01:10:39.990561+00	2026-11-26 01:10:39.990561+00
248	源氏物語	\N	『源氏物語』は紫式部の作品です。\n\nFifty-four chapters at a court where poems are letters.	126	2026-11-26 01:10:39.993957+00	2026-11-26 01:10:39.993957+00
249	紫式部日記	A memoir.	『紫式部日記』は紫式部の作品です。\n\nA lady in waiting watches a birth, a court and herself.	126	2026-11-26 01:10:39.995672+00	2026-11-26 01:10:39.995672+00
250	枕草子	『枕草子』は清少納言の作品です。	『枕草子』は清少納言の作品です。\n\nIn spring, the dawn. Lists of things that are pleasing, and of things that are not.	127	2026-11-26 01:10:39.999483+00	2026-11-26 01:10:39.999483+00
251	おくのほそ道	\N	『おくのほそ道』は松尾芭蕉の作品です。1702年に世に出ました。\nOn foot to the far north, with verse at every stop. 🐸	128	2026-11-26 01:10:40.003251+00	2026-11-26 01:10:40.003251+00
252	野ざらし紀行	A memoir.	『野ざらし紀行』は松尾芭蕉の作品です。\nA traveller sets out prepared to leave his bones by the road.	128	2026-11-26 01:10:40.005487+00	2026-11-26 01:10:40.005487+00
253	吾輩は猫である	『吾輩は猫である』は夏目漱石の作品です。	1905年に世に出ました。\nA cat without a name reports on the human beings of the house. 🐈	129	2026-11-26 01:10:40.009432+00	2026-11-26 01:10:40.009432+00
254	こころ	\N	『こころ』は夏目漱石の作品です。1914年に世に出ました。 A letter too long for its envelope.	129	2026-11-26 01:10:40.011226+00	2026-11-26 01:10:40.011226+00
255	坊っちゃん	A novel, 1906.	『坊っちゃん』は夏目漱石の作品です。1906年に世に出ました。 A Tokyo man teaches mathematics in the country and speaks his mind.	129	2026-11-26 01:10:40.013097+00	2026-11-26 01:10:40.013097+00
256	草枕	『草枕』は夏目漱石の作品です。	1906年に世に出ました。 A painter walks up a mountain path, thinking, and nobody is there to scold him (𠮟る, outside the Basic Multilingual Plane).	129	2026-11-26 01:10:40.015125+00	2026-11-26 01:10:40.015125+00
257	たけくらべ	\N	『たけくらべ』は樋口一葉の作品です。1895年に世に出ました。\n\nChildren near the gate of the pleasure quarter begin to grow up.	130	2026-11-26 01:10:40.019618+00	2026-11-26 01:10:40.019618+00
258	にごりえ	A tale, 1895.	『にごりえ』は樋口一葉の作品です。1895年に世に出ました。\n\nA woman in a wine house and a man with nothing left.	130	2026-11-26 01:10:40.021795+00	2026-11-26 01:10:40.021795+00
259	羅生門	『羅生門』は芥川龍之介の作品です。	1915年に世に出ました。\n\nRain, a gate and a servant who has to decide.	131	2026-11-26 01:10:40.029369+00	2026-11-26 01:10:40.029369+00
260	藪の中	\N	『藪の中』は芥川龍之介の作品です。1922年に世に出ました。\nSeven testimonies, one grove.	131	2026-11-26 01:10:40.033824+00	2026-11-26 01:10:40.033824+00
261	銀河鉄道の夜	A tale, 1934.	『銀河鉄道の夜』は宮沢賢治の作品です。1934年に世に出ました。\nTwo boys ride a train along the Milky Way. 🌌🚂	132	2026-11-26 01:10:40.040601+00	2026-11-26 01:10:40.040601+00
262	注文の多い料理店	『注文の多い料理店』は宮沢賢治の作品です。	1924年に世に出ました。\nA restaurant asks its guests to follow a few small instructions.	132	2026-11-26 01:10:40.043472+00	2026-11-26 01:10:40.043472+00
263	雨ニモマケズ	\N	『雨ニモマケズ』は宮沢賢治の作品です。1931年に世に出ました。 Written in a pocket notebook, in katakana.	132	2026-11-26 01:10:40.046284+00	2026-11-26 01:10:40.046284+00
264	ドグラ・マグラ	A novel, 1935.	『ドグラ・マグラ』は夢野久作の作品です。1935年に世に出ました。 A man wakes up in a cell without a name and is handed a manuscript.	133	2026-11-26 01:10:40.051565+00	2026-11-26 01:10:40.051565+00
265	ドグラ・マグラ	A novel, 1935.	『ドグラ・マグラ』は夢野久作の作品です。1935年に世に出ました。 A man wakes up in a cell without a name and is handed a manuscript.	134	2026-11-26 01:10:40.056685+00	2026-11-26 01:10:40.056685+00
266	진달래꽃	〈진달래꽃〉의 작가는 김소월입니다.	발표 연도: 1925년. Azaleas are strewn on the road of one who leaves. 🌺	135	2026-11-26 01:10:40.061222+00	2026-11-26 01:10:40.061222+00
267	하늘과 바람과 별과 시	\N	〈하늘과 바람과 별과 시〉의 작가는 윤동주입니다. 발표 연도: 1948년.\n\nStars are counted one by one; the book appeared after the poet's death.	136	2026-11-26 01:10:40.06566+00	2026-11-26 01:10:40.06566+00
268	서시	A poem.	〈서시〉의 작가는 윤동주입니다.\n\nNot one speck of shame up to the last day.	136	2026-11-26 01:10:40.067648+00	2026-11-26 01:10:40.067648+00
269	별 헤는 밤	〈별 헤는 밤〉의 작가는 윤동주입니다.	〈별 헤는 밤〉의 작가는 윤동주입니다.\n\nA name is written on a hill and covered with earth. ⭐	136	2026-11-26 01:10:40.06969+00	2026-11-26 01:10:40.06969+00
270	하늘과 바람과 별과 시	\N	〈하늘과 바람과 별과 시〉의 작가는 윤동주입니다. 발표 연도: 1948년.\n\nStars are counted one by one; the book appeared after the poet's death.	137	2026-11-26 01:10:40.074293+00	2026-11-26 01:10:40.074293+00
271	날개	\N	〈날개〉의 작가는 이상입니다. 발표 연도: 1936년.\nA man in a shut room asks for wings.	138	2026-11-26 01:10:40.078495+00	2026-11-26 01:10:40.078495+00
272	오감도	Poems, 1934.	〈오감도〉의 작가는 이상입니다. 발표 연도: 1934년.\nThirteen children run down a street; readers protested until the series stopped.	138	2026-11-26 01:10:40.080394+00	2026-11-26 01:10:40.080394+00
273	홍길동전	〈홍길동전〉의 작가는 허균입니다.	〈홍길동전〉의 작가는 허균입니다.\nA son who may not call his father father becomes a bandit chief.	139	2026-11-26 01:10:40.083965+00	2026-11-26 01:10:40.083965+00
274	토지	\N	〈토지〉의 작가는 박경리입니다. 발표 연도: 1969년. A house, its land and half a century, in a very long novel.	140	2026-11-26 01:10:40.088098+00	2026-11-26 01:10:40.088098+00
275	김약국의 딸들	A novel, 1962.	〈김약국의 딸들〉의 작가는 박경리입니다. 발표 연도: 1962년. Five daughters of a pharmacist in a harbour town.	140	2026-11-26 01:10:40.090503+00	2026-11-26 01:10:40.090503+00
276	على قدر أهل العزم تأتي العزائم	«على قدر أهل العزم تأتي العزائم» من تأليف أبو الطيب المتنبي.	«على قدر أهل العزم تأتي العزائم» من تأليف أبو الطيب المتنبي. Resolve comes in the measure of the resolute.	141	2026-11-26 01:10:40.094351+00	2026-11-26 01:10:40.094351+00
277	واحر قلباه	\N	«واحر قلباه» من تأليف أبو الطيب المتنبي.\n\nA reproach to a prince by the one who loved him most, in his own view.	141	2026-11-26 01:10:40.096159+00	2026-11-26 01:10:40.096159+00
278	بين القصرين	A novel, 1956.	«بين القصرين» من تأليف نجيب محفوظ. صدر العمل أول مرة عام 1956.\n\nThe first volume about one family and one lane of Cairo. 🇪🇬	142	2026-11-26 01:10:40.099475+00	2026-11-26 01:10:40.099475+00
279	قصر الشوق	«قصر الشوق» من تأليف نجيب محفوظ.	صدر العمل أول مرة عام 1957.\n\nThe second volume: the youngest son falls in love and reads.	142	2026-11-26 01:10:40.1014+00	2026-11-26 01:10:40.1014+00
280	السكرية	\N	«السكرية» من تأليف نجيب محفوظ. صدر العمل أول مرة عام 1957.\nThe third volume: grandsons choose opposite sides.	142	2026-11-26 01:10:40.103318+00	2026-11-26 01:10:40.103318+00
281	أولاد حارتنا	A novel, 1959.	«أولاد حارتنا» من تأليف نجيب محفوظ. صدر العمل أول مرة عام 1959.\nA lane, its founder and those who came to set it right.	142	2026-11-26 01:10:40.105203+00	2026-11-26 01:10:40.105203+00
282	أولاد حارتنا	A novel, 1959.	«أولاد حارتنا» من تأليف نجيب محفوظ. صدر العمل أول مرة عام 1959.\nA lane, its founder and those who came to set it right.	143	2026-11-26 01:10:40.10865+00	2026-11-26 01:10:40.10865+00
283	الأيام	«الأيام» من تأليف طه حسين.	صدر العمل أول مرة عام 1929.\nA blind boy learns the world by its fences and voices.‏ (1929)‏!	144	2026-11-26 01:10:40.112126+00	2026-11-26 01:10:40.112126+00
284	دعاء الكروان	\N	«دعاء الكروان» من تأليف طه حسين. صدر العمل أول مرة عام 1934. A curlew calls, and a sister remembers.	144	2026-11-26 01:10:40.113662+00	2026-11-26 01:10:40.113662+00
285	الأجنحة المتكسرة	A novel, 1912.	«الأجنحة المتكسرة» من تأليف جبران خليل جبران. صدر العمل أول مرة عام 1912. First love in Beirut and a bishop's nephew.	145	2026-11-26 01:10:40.116268+00	2026-11-26 01:10:40.116268+00
286	دمعة وابتسامة	«دمعة وابتسامة» من تأليف جبران خليل جبران.	صدر العمل أول مرة عام 1914. Short pieces between a tear and a smile. 😢🙂	145	2026-11-26 01:10:40.11795+00	2026-11-26 01:10:40.11795+00
287	رسالة الغفران	\N	«رسالة الغفران» من تأليف أبو العلاء المعري.\n\nA letter that walks through paradise asking poets how they got in.	146	2026-11-26 01:10:40.121314+00	2026-11-26 01:10:40.121314+00
288	لزوم ما لا يلزم	Poems.	«لزوم ما لا يلزم» من تأليف أبو العلاء المعري.\n\nMore rhyme than rules require, and less consolation.	146	2026-11-26 01:10:40.122949+00	2026-11-26 01:10:40.122949+00
289	رجال في الشمس	«رجال في الشمس» من تأليف غسان كنفاني.	صدر العمل أول مرة عام 1963.\n\nThree men in an empty water tank, under the sun.	147	2026-11-26 01:10:40.126102+00	2026-11-26 01:10:40.126102+00
290	عائد إلى حيفا	\N	«عائد إلى حيفا» من تأليف غسان كنفاني. صدر العمل أول مرة عام 1969.\nParents ring at the door of what was their house.	147	2026-11-26 01:10:40.127733+00	2026-11-26 01:10:40.127733+00
291	سوانح فتاة	Essays, 1922.	«سوانح فتاة» من تأليف مي زيادة. صدر العمل أول مرة عام 1922.\nPassing thoughts of a young woman whose salon all Cairo attended.	148	2026-11-26 01:10:40.130649+00	2026-11-26 01:10:40.130649+00
292	شاهنامه	«شاهنامه» اثر ابوالقاسم فردوسی است.	«شاهنامه» اثر ابوالقاسم فردوسی است.\nThirty years of work and some fifty thousand couplets of kings.	149	2026-11-26 01:10:40.133416+00	2026-11-26 01:10:40.133416+00
293	دیوان حافظ	\N	«دیوان حافظ» اثر حافظ شیرازی است. Opened at random, it is asked for advice to this day. 🌹	150	2026-11-26 01:10:40.136713+00	2026-11-26 01:10:40.136713+00
294	گلستان	Stories, 1258.	«گلستان» اثر سعدی شیرازی است. A rose garden that autumn cannot reach: eight chapters of tales and verse.	151	2026-11-26 01:10:40.139447+00	2026-11-26 01:10:40.139447+00
295	بوستان	«بوستان» اثر سعدی شیرازی است.	«بوستان» اثر سعدی شیرازی است. Ten chapters on justice, love and other things worth learning.	151	2026-11-26 01:10:40.140989+00	2026-11-26 01:10:40.140989+00
296	مثنوی معنوی	\N	«مثنوی معنوی» اثر جلال‌الدین محمد بلخی است.\n\nIt begins with a reed that complains of being cut. Note the zero-width non-joiner in the poet's name.	152	2026-11-26 01:10:40.143667+00	2026-11-26 01:10:40.143667+00
297	دیوان شمس	Poems.	«دیوان شمس» اثر جلال‌الدین محمد بلخی است.\n\nGhazals signed with the name of a lost friend.	152	2026-11-26 01:10:40.145148+00	2026-11-26 01:10:40.145148+00
298	بوف کور	«بوف کور» اثر صادق هدایت است.	نخستین انتشار: 1936.\n\nA painter of pen-cases writes for his shadow on the wall. 🦉	153	2026-11-26 01:10:40.147766+00	2026-11-26 01:10:40.147766+00
299	سگ ولگرد	\N	«سگ ولگرد» اثر صادق هدایت است. نخستین انتشار: 1942.\nA stray dog remembers a house.	153	2026-11-26 01:10:40.149218+00	2026-11-26 01:10:40.149218+00
300	تولدی دیگر	Poems, 1964.	«تولدی دیگر» اثر فروغ فرخزاد است. نخستین انتشار: 1964.\nHands are planted in a garden and will grow.	154	2026-11-26 01:10:40.151709+00	2026-11-26 01:10:40.151709+00
301	ایمان بیاوریم به آغاز فصل سرد	«ایمان بیاوریم به آغاز فصل سرد» اثر فروغ فرخزاد است.	نخستین انتشار: 1974.\nA cold season begins; the book came out after the poet's death.	154	2026-11-26 01:10:40.153093+00	2026-11-26 01:10:40.153093+00
302	رباعیات	\N	«رباعیات» اثر عمر خیام است. Four lines each: clay, a jug, tonight. 🍷	155	2026-11-26 01:10:40.155665+00	2026-11-26 01:10:40.155665+00
303	دیوانِ غالب	Poems, 1841.	”دیوانِ غالب“ مرزا اسد اللہ غالب کی تصنیف ہے۔ پہلی اشاعت: 1841۔ A slim book for which the poet threw most of his verse away.	156	2026-11-26 01:10:40.158844+00	2026-11-26 01:10:40.158844+00
304	دستنبو	”دستنبو“ مرزا اسد اللہ غالب کی تصنیف ہے۔	پہلی اشاعت: 1858۔ A diary of Delhi in a terrible year.	156	2026-11-26 01:10:40.160218+00	2026-11-26 01:10:40.160218+00
305	بانگِ درا	\N	”بانگِ درا“ محمد اقبال کی تصنیف ہے۔ پہلی اشاعت: 1924۔\n\nThe call of the caravan bell.	157	2026-11-26 01:10:40.162803+00	2026-11-26 01:10:40.162803+00
306	بالِ جبریل	Poems, 1935.	”بالِ جبریل“ محمد اقبال کی تصنیف ہے۔ پہلی اشاعت: 1935۔\n\nGabriel's wing, with a mosque in Cordoba at its heart.	157	2026-11-26 01:10:40.164232+00	2026-11-26 01:10:40.164232+00
307	ٹوبہ ٹیک سنگھ	”ٹوبہ ٹیک سنگھ“ سعادت حسن منٹو کی تصنیف ہے۔	پہلی اشاعت: 1955۔\n\nAn asylum is divided between two countries.	158	2026-11-26 01:10:40.166987+00	2026-11-26 01:10:40.166987+00
308	ٹھنڈا گوشت	\N	”ٹھنڈا گوشت“ سعادت حسن منٹو کی تصنیف ہے۔ پہلی اشاعت: 1950۔\nThe author was taken to court for it.	158	2026-11-26 01:10:40.168291+00	2026-11-26 01:10:40.168291+00
309	אל הציפור	A poem, 1892.	„אל הציפור” מאת חיים נחמן ביאליק. ראה אור בשנת 1892.\nA bird comes back from a warm land and is asked for news. 🐦	159	2026-11-26 01:10:40.170948+00	2026-11-26 01:10:40.170948+00
310	הכניסיני תחת כנפך	„הכניסיני תחת כנפך” מאת חיים נחמן ביאליק.	ראה אור בשנת 1905.\nA request for shelter, made very quietly.	159	2026-11-26 01:10:40.172305+00	2026-11-26 01:10:40.172305+00
311	בעיר ההריגה	\N	„בעיר ההריגה” מאת חיים נחמן ביאליק. ראה אור בשנת 1904. A walk through a town after a massacre, with anger at all who looked on.	159	2026-11-26 01:10:40.173621+00	2026-11-26 01:10:40.173621+00
312	תמול שלשום	A novel, 1945.	„תמול שלשום” מאת שמואל יוסף עגנון. ראה אור בשנת 1945. A house painter writes two words on a dog. 🐕	160	2026-11-26 01:10:40.176274+00	2026-11-26 01:10:40.176274+00
313	הכנסת כלה	„הכנסת כלה” מאת שמואל יוסף עגנון.	ראה אור בשנת 1931. A pious man travels to find three dowries.	160	2026-11-26 01:10:40.177897+00	2026-11-26 01:10:40.177897+00
314	הכוזרי	\N	„הכוזרי” מאת יהודה הלוי.\n\nA king asks a philosopher and three scholars whose life is right.	161	2026-11-26 01:10:40.18117+00	2026-11-26 01:10:40.18117+00
315	לִבִּי בְמִזְרָח	A poem.	„לִבִּי בְמִזְרָח” מאת יהודה הלוי.\n\nA heart and a body live at opposite ends of the world; the title is written with its vowel points, all of them combining marks.	161	2026-11-26 01:10:40.183096+00	2026-11-26 01:10:40.183096+00
316	טבֿיה דער מילכיקער	„טבֿיה דער מילכיקער” פֿון שלום עליכם.	צום ערשטן מאָל: 1894.\n\nA dairyman argues with heaven about his daughters. 🥛	162	2026-11-26 01:10:40.186595+00	2026-11-26 01:10:40.186595+00
317	מאָטל פּייסי דעם חזנס	\N	„מאָטל פּייסי דעם חזנס” פֿון שלום עליכם. צום ערשטן מאָל: 1907.\nA boy is cheerful about everything, his own loss included.	162	2026-11-26 01:10:40.188443+00	2026-11-26 01:10:40.188443+00
318	ܡܕܪ̈ܫܐ ܕܥܠ ܦܪܕܝܣܐ	Poems.	ܐܦܪܝܡ ܣܘܪܝܝܐ: ܡܕܪ̈ܫܐ ܕܥܠ ܦܪܕܝܣܐ܀\nHymns on paradise; two dots above mark the plural.	163	2026-11-26 01:10:40.191476+00	2026-11-26 01:10:40.191476+00
319	𒎏𒈨𒊹𒊏	𒂗𒃶𒌌𒀭𒈾: 𒎏𒈨𒊹𒊏	𒂗𒃶𒌌𒀭𒈾: 𒎏𒈨𒊹𒊏\nA priestess of Ur in exile praises Inanna; among the oldest poets whose names we know.	164	2026-11-26 01:10:40.194478+00	2026-11-26 01:10:40.194478+00
320	गोदान	\N	‘गोदान’, रचनाकार: मुंशी प्रेमचंद। प्रथम प्रकाशन: 1936। A farmer wishes for a cow, and the wish costs him everything. 🐄	165	2026-11-26 01:10:40.197451+00	2026-11-26 01:10:40.197451+00
321	गबन	A novel, 1931.	‘गबन’, रचनाकार: मुंशी प्रेमचंद। प्रथम प्रकाशन: 1931। A necklace, a lie and a man on the run.	165	2026-11-26 01:10:40.199229+00	2026-11-26 01:10:40.199229+00
322	ईदगाह	‘ईदगाह’, रचनाकार: मुंशी प्रेमचंद।	प्रथम प्रकाशन: 1933। A boy spends his festival coins on a pair of tongs.	165	2026-11-26 01:10:40.201042+00	2026-11-26 01:10:40.201042+00
323	कफ़न	\N	‘कफ़न’, रचनाकार: मुंशी प्रेमचंद। प्रथम प्रकाशन: 1936।\n\nA father and a son sit by a fire. The fa of the title carries a nukta.	165	2026-11-26 01:10:40.202692+00	2026-11-26 01:10:40.202692+00
324	कफ़न	\N	‘कफ़न’, रचनाकार: मुंशी प्रेमचंद। प्रथम प्रकाशन: 1936।\n\nA father and a son sit by a fire. The fa of the title carries a nukta.	166	2026-11-26 01:10:40.206694+00	2026-11-26 01:10:40.206694+00
325	बीजक	Poems.	‘बीजक’, रचनाकार: कबीर दास।\n\nA weaver's songs against every kind of show.	167	2026-11-26 01:10:40.209998+00	2026-11-26 01:10:40.209998+00
326	रामचरितमानस	‘रामचरितमानस’, रचनाकार: तुलसी दास।	‘रामचरितमानस’, रचनाकार: तुलसी दास।\n\nThe lake of the deeds of Rama, in the speech of the people. 🪔	168	2026-11-26 01:10:40.213297+00	2026-11-26 01:10:40.213297+00
327	विनय पत्रिका	\N	‘विनय पत्रिका’, रचनाकार: तुलसी दास।\nA petition in verse.	168	2026-11-26 01:10:40.215002+00	2026-11-26 01:10:40.215002+00
328	यामा	Poems, 1940.	‘यामा’, रचनाकार: महादेवी वर्मा। प्रथम प्रकाशन: 1940।\nFour earlier books in one, on the hours of the night.	169	2026-11-26 01:10:40.218267+00	2026-11-26 01:10:40.218267+00
329	दीपशिखा	‘दीपशिखा’, रचनाकार: महादेवी वर्मा।	प्रथम प्रकाशन: 1942।\nA lamp is asked to burn on gently. 🪔	169	2026-11-26 01:10:40.220008+00	2026-11-26 01:10:40.220008+00
330	कामायनी	\N	‘कामायनी’, रचनाकार: जयशंकर प्रसाद। प्रथम प्रकाशन: 1936। After a flood, Manu has to begin again with hope and with thought.	170	2026-11-26 01:10:40.223+00	2026-11-26 01:10:40.223+00
331	अभिज्ञानशाकुन्तलम्	A play.	‘अभिज्ञानशाकुन्तलम्’ इति कृतिः। कर्ता — कालि दासः। A ring is lost in a river and found in a fish. 🐟	171	2026-11-26 01:10:40.22605+00	2026-11-26 01:10:40.22605+00
332	मेघदूतम्	‘मेघदूतम्’ इति कृतिः। कर्ता — कालि दासः।	‘मेघदूतम्’ इति कृतिः। कर्ता — कालि दासः। A cloud is asked to carry a message over half of India. ☁️	171	2026-11-26 01:10:40.227582+00	2026-11-26 01:10:40.227582+00
333	रघुवंशम्	\N	‘रघुवंशम्’ इति कृतिः। कर्ता — कालि दासः।\n\nA line of kings from first to last.	171	2026-11-26 01:10:40.229481+00	2026-11-26 01:10:40.229481+00
334	महाभारतम्	An epic.	‘महाभारतम्’ इति कृतिः। कर्ता — व्यासः कृष्णद्वैपायनः।\n\nA war between cousins, with room for nearly every other story.	172	2026-11-26 01:10:40.232992+00	2026-11-26 01:10:40.232992+00
335	ज्ञानेश्वरी	‘ज्ञानेश्वरी’, लेखक: संत ज्ञानेश्वर.	‘ज्ञानेश्वरी’, लेखक: संत ज्ञानेश्वर.\n\nA boy of some fifteen years explains a song in the language of his neighbours.	173	2026-11-26 01:10:40.236321+00	2026-11-26 01:10:40.236321+00
336	मुना मदन	\N	‘मुना मदन’, रचनाकार: लक्ष्मीप्रसाद देवकोटा। पहिलो प्रकाशन: 1936।\nA trader leaves for Lhasa; a person is great by heart, not by caste. 🇳🇵	174	2026-11-26 01:10:40.239692+00	2026-11-26 01:10:40.239692+00
337	গীতাঞ্জলি	Poems, 1910.	‘গীতাঞ্জলি’, রচয়িতা: রবীন্দ্রনাথ ঠাকুর। প্রথম প্রকাশ: 1910।\nOfferings in song; an English version travelled far.	175	2026-11-26 01:10:40.242918+00	2026-11-26 01:10:40.242918+00
338	গোরা	‘গোরা’, রচয়িতা: রবীন্দ্রনাথ ঠাকুর।	প্রথম প্রকাশ: 1910।\nA zealot learns where he was born.	175	2026-11-26 01:10:40.244817+00	2026-11-26 01:10:40.244817+00
339	ঘরে বাইরে	\N	‘ঘরে বাইরে’, রচয়িতা: রবীন্দ্রনাথ ঠাকুর। প্রথম প্রকাশ: 1916। Three people take turns to tell of a house and of the world outside.	175	2026-11-26 01:10:40.246694+00	2026-11-26 01:10:40.246694+00
340	কাবুলিওয়ালা	A tale, 1892.	‘কাবুলিওয়ালা’, রচয়িতা: রবীন্দ্রনাথ ঠাকুর। প্রথম প্রকাশ: 1892। A fruit seller from Kabul and a small girl who asks about his sack.	175	2026-11-26 01:10:40.248952+00	2026-11-26 01:10:40.248952+00
341	গোরা	‘গোরা’, রচয়িতা: রবীন্দ্রনাথ ঠাকুর।	প্রথম প্রকাশ: 1910।\nA zealot learns where he was born.	176	2026-11-26 01:10:40.254291+00	2026-11-26 01:10:40.254291+00
342	অগ্নিবীণা	‘অগ্নিবীণা’, রচয়িতা: কাজী নজরুল ইসলাম।	প্রথম প্রকাশ: 1922। A fiery lute with a rebel on its first pages. 🔥	177	2026-11-26 01:10:40.259379+00	2026-11-26 01:10:40.259379+00
343	সঞ্চিতা	\N	‘সঞ্চিতা’, রচয়িতা: কাজী নজরুল ইসলাম। প্রথম প্রকাশ: 1928।\n\nA selection, dedicated to an older poet.	177	2026-11-26 01:10:40.262294+00	2026-11-26 01:10:40.262294+00
344	পথের পাঁচালী	A novel, 1929.	‘পথের পাঁচালী’, রচয়িতা: বিভূতিভূষণ বন্দ্যোপাধ্যায়। প্রথম প্রকাশ: 1929।\n\nTwo children, a village, and a train heard beyond the reeds. 🚂	178	2026-11-26 01:10:40.267333+00	2026-11-26 01:10:40.267333+00
345	আরণ্যক	‘আরণ্যক’, রচয়িতা: বিভূতিভূষণ বন্দ্যোপাধ্যায়।	প্রথম প্রকাশ: 1939।\n\nA clerk is sent to clear a forest and falls in love with it.	178	2026-11-26 01:10:40.269628+00	2026-11-26 01:10:40.269628+00
346	অবরোধবাসিনী	\N	‘অবরোধবাসিনী’, রচয়িতা: বেগম রোকেয়া। প্রথম প্রকাশ: 1931।\nForty-seven reports from behind the curtain.	179	2026-11-26 01:10:40.273982+00	2026-11-26 01:10:40.273982+00
347	মতিচূর	Essays, 1904.	‘মতিচূর’, রচয়িতা: বেগম রোকেয়া। প্রথম প্রকাশ: 1904।\nSharp and funny essays on habits called nature.	179	2026-11-26 01:10:40.2761+00	2026-11-26 01:10:40.2761+00
348	திருக்குறள்	‘திருக்குறள்’, ஆசிரியர்: திரு வள்ளுவர்.	‘திருக்குறள்’, ஆசிரியர்: திரு வள்ளுவர்.\nOne thousand three hundred and thirty couplets on virtue, wealth and love.	180	2026-11-26 01:10:40.280796+00	2026-11-26 01:10:40.280796+00
349	சிலப்பதிகாரம்	\N	‘சிலப்பதிகாரம்’, ஆசிரியர்: இளங்கோ அடிகள். An anklet proves a king wrong.	181	2026-11-26 01:10:40.285894+00	2026-11-26 01:10:40.285894+00
350	பாஞ்சாலி சபதம்	An epic, 1912.	‘பாஞ்சாலி சபதம்’, ஆசிரியர்: சுப்பிரமணிய பாரதி. முதல் வெளியீடு: 1912. A queen's oath, told for a country that wanted to be free.	182	2026-11-26 01:10:40.290481+00	2026-11-26 01:10:40.290481+00
351	குயில் பாட்டு	‘குயில் பாட்டு’, ஆசிரியர்: சுப்பிரமணிய பாரதி.	‘குயில் பாட்டு’, ஆசிரியர்: சுப்பிரமணிய பாரதி. A cuckoo sings and a daydream follows. 🐦	182	2026-11-26 01:10:40.293062+00	2026-11-26 01:10:40.293062+00
352	பொன்னியின் செல்வன்	\N	‘பொன்னியின் செல்வன்’, ஆசிரியர்: கல்கி கிருஷ்ணமூர்த்தி. முதல் வெளியீடு: 1950.\n\nYears of weekly chapters about a prince of the Cholas.	183	2026-11-26 01:10:40.297552+00	2026-11-26 01:10:40.297552+00
353	சிவகாமியின் சபதம்	A novel, 1944.	‘சிவகாமியின் சபதம்’, ஆசிரியர்: கல்கி கிருஷ்ணமூர்த்தி. முதல் வெளியீடு: 1944.\n\nA dancer swears to see a city burn.	183	2026-11-26 01:10:40.300022+00	2026-11-26 01:10:40.300022+00
354	பொன்னியின் செல்வன்	\N	‘பொன்னியின் செல்வன்’, ஆசிரியர்: கல்கி கிருஷ்ணமூர்த்தி. முதல் வெளியீடு: 1950.\n\nYears of weekly chapters about a prince of the Cholas.	184	2026-11-26 01:10:40.30457+00	2026-11-26 01:10:40.30457+00
355	కన్యాశుల్కం	‘కన్యాశుల్కం’, రచయిత: గురజాడ అప్పారావు.	మొదటి ప్రచురణ: 1892.\n\nA comedy about bride price that changed minds.	185	2026-11-26 01:10:40.309559+00	2026-11-26 01:10:40.309559+00
356	ముత్యాల సరాలు	\N	‘ముత్యాల సరాలు’, రచయిత: గురజాడ అప్పారావు. మొదటి ప్రచురణ: 1910.\nStrings of pearls in a metre close to speech.	185	2026-11-26 01:10:40.312126+00	2026-11-26 01:10:40.312126+00
357	ಶ್ರೀ ರಾಮಾಯಣ ದರ್ಶನಂ	An epic, 1949.	‘ಶ್ರೀ ರಾಮಾಯಣ ದರ್ಶನಂ’, ಲೇಖಕರು: ಕುವೆಂಪು ಪುಟ್ಟಪ್ಪ. ಮೊದಲ ಪ್ರಕಟಣೆ: 1949.\nAn old story seen again, with mercy for nearly everyone.	186	2026-11-26 01:10:40.316438+00	2026-11-26 01:10:40.316438+00
358	ಮಲೆಗಳಲ್ಲಿ ಮದುಮಗಳು	‘ಮಲೆಗಳಲ್ಲಿ ಮದುಮಗಳು’, ಲೇಖಕರು: ಕುವೆಂಪು ಪುಟ್ಟಪ್ಪ.	ಮೊದಲ ಪ್ರಕಟಣೆ: 1967.\nA bride in the hills, and rain over everything.	186	2026-11-26 01:10:40.31881+00	2026-11-26 01:10:40.31881+00
359	ബാല്യകാലസഖി	\N	‘ബാല്യകാലസഖി’, രചയിതാവ്: വൈക്കം മുഹമ്മദ് ബഷീർ. ആദ്യ പ്രസിദ്ധീകരണം: 1944. One and one make, says the boy, a rather big one.	187	2026-11-26 01:10:40.323039+00	2026-11-26 01:10:40.323039+00
360	പാത്തുമ്മായുടെ ആട്	A novel, 1959.	‘പാത്തുമ്മായുടെ ആട്’, രചയിതാവ്: വൈക്കം മുഹമ്മദ് ബഷീർ. ആദ്യ പ്രസിദ്ധീകരണം: 1959. A goat eats the author's books. 🐐	187	2026-11-26 01:10:40.325421+00	2026-11-26 01:10:40.325421+00
361	ചെമ്മീൻ	‘ചെമ്മീൻ’, രചയിതാവ്: തകഴി ശിവശങ്കരപ്പിള്ള.	ആദ്യ പ്രസിദ്ധീകരണം: 1956. Fishermen, the sea and a rule about faithfulness. 🦐	188	2026-11-26 01:10:40.330938+00	2026-11-26 01:10:40.330938+00
362	સત્યના પ્રયોગો	\N	‘સત્યના પ્રયોગો’, લેખક: મોહનદાસ ગાંધી. પ્રથમ પ્રકાશન: 1927.\n\nExperiments with truth, reported with the failures included.	189	2026-11-26 01:10:40.336414+00	2026-11-26 01:10:40.336414+00
363	હિંદ સ્વરાજ	Essays, 1909.	‘હિંદ સ્વરાજ’, લેખક: મોહનદાસ ગાંધી. પ્રથમ પ્રકાશન: 1909.\n\nWritten on board a ship, partly with the left hand.	189	2026-11-26 01:10:40.3392+00	2026-11-26 01:10:40.3392+00
364	ਪਿੰਜਰ	‘ਪਿੰਜਰ’, ਲੇਖਕ: ਅੰਮ੍ਰਿਤਾ ਪ੍ਰੀਤਮ।	ਪਹਿਲੀ ਵਾਰ: 1950।\n\nA woman is carried off, and a border is drawn.	190	2026-11-26 01:10:40.344321+00	2026-11-26 01:10:40.344321+00
365	ਰਸੀਦੀ ਟਿਕਟ	\N	‘ਰਸੀਦੀ ਟਿਕਟ’, ਲੇਖਕ: ਅੰਮ੍ਰਿਤਾ ਪ੍ਰੀਤਮ। ਪਹਿਲੀ ਵਾਰ: 1976।\nA life that would fit on the back of a revenue stamp, a friend had joked.	190	2026-11-26 01:10:40.346843+00	2026-11-26 01:10:40.346843+00
366	ଛ ମାଣ ଆଠ ଗୁଣ୍ଠ	A novel, 1902.	‘ଛ ମାଣ ଆଠ ଗୁଣ୍ଠ’, ଲେଖକ: ଫକୀର ମୋହନ ସେନାପତି। ପ୍ରଥମ ପ୍ରକାଶ: 1902।\nSix acres and a third, and the landlord who wants them.	191	2026-11-26 01:10:40.352849+00	2026-11-26 01:10:40.352849+00
367	ගම්පෙරළිය	‘ගම්පෙරළිය’, කර්තෘ: මාර්ටින් වික්‍රමසිංහ.	පළමු මුද්‍රණය: 1944.\nA village changes. The author's name needs a zero-width joiner to be written well. 🇱🇰	192	2026-11-26 01:10:40.36032+00	2026-11-26 01:10:40.36032+00
368	මඩොල් දූව	\N	‘මඩොල් දූව’, කර්තෘ: මාර්ටින් වික්‍රමසිංහ. පළමු මුද්‍රණය: 1947. Two boys run away to an island of mangroves.	192	2026-11-26 01:10:40.363819+00	2026-11-26 01:10:40.363819+00
369	พระอภัยมณี	An epic.	“พระอภัยมณี” ผู้แต่งคือ สุนทร ภู่ A prince whose flute puts armies to sleep. 🧜🏽‍♀️	193	2026-11-26 01:10:40.370199+00	2026-11-26 01:10:40.370199+00
370	นิราศภูเขาทอง	“นิราศภูเขาทอง” ผู้แต่งคือ สุนทร ภู่	“นิราศภูเขาทอง” ผู้แต่งคือ สุนทร ภู่ A journey by boat to a temple, with regrets on every bank.	193	2026-11-26 01:10:40.37443+00	2026-11-26 01:10:40.37443+00
371	ข้างหลังภาพ	\N	“ข้างหลังภาพ” ผู้แต่งคือ กุหลาบ สายประดิษฐ์ เผยแพร่ครั้งแรก ค.ศ. 1937\n\nBehind a small painting there is a love that came too late.	194	2026-11-26 01:10:40.382693+00	2026-11-26 01:10:40.382693+00
372	แลไปข้างหน้า	A novel, 1955.	“แลไปข้างหน้า” ผู้แต่งคือ กุหลาบ สายประดิษฐ์ เผยแพร่ครั้งแรก ค.ศ. 1955\n\nLooking forward, from the benches of a school.	194	2026-11-26 01:10:40.386876+00	2026-11-26 01:10:40.386876+00
373	ទុំទាវ	“ទុំទាវ” អ្នកនិពន្ធ៖ ភិក្ខុ សោម។	ឆ្នាំ 1915។\n\nA young monk and a girl; palm-leaf verses that every pupil knows. 🇰🇭	195	2026-11-26 01:10:40.395112+00	2026-11-26 01:10:40.395112+00
374	မောင်ရင်မောင် မမယ်မ ဝတ္ထု	\N	“မောင်ရင်မောင် မမယ်မ ဝတ္ထု” စာရေးသူ ဂျိမ်းစ် လှကျော်။ 1904 ခုနှစ်။\nOften called the first modern novel of its language.	196	2026-11-26 01:10:40.403218+00	2026-11-26 01:10:40.403218+00
375	མགུལ་གླུ	Poems.	མགུལ་གླུ། རྩོམ་པ་པོ། ཚངས་དབྱངས་རྒྱ་མཚོ།\nShort love songs by a Dalai Lama who preferred to walk out at night.	197	2026-11-26 01:10:40.410933+00	2026-11-26 01:10:40.410933+00
376	ፍቅር እስከ መቃብር	«ፍቅር እስከ መቃብር»፣ ደራሲ፦ ሐዲስ ዓለማየሁ።	«ፍቅር እስከ መቃብር»፣ ደራሲ፦ ሐዲስ ዓለማየሁ።\nLove unto the grave: a teacher and a nobleman's daughter. 🇪🇹	198	2026-11-26 01:10:40.420084+00	2026-11-26 01:10:40.420084+00
377	የልምዣት	\N	«የልምዣት»፣ ደራሲ፦ ሐዲስ ዓለማየሁ። A later novel, long and patient.	198	2026-11-26 01:10:40.424463+00	2026-11-26 01:10:40.424463+00
378	ልብ ወለድ ታሪክ	A novel, 1908.	«ልብ ወለድ ታሪክ»፣ ደራሲ፦ አፈወርቅ ገብረ ኢየሱስ። መጀመሪያ የታተመው፦ 1908። Printed in Rome; with it the novel in Amharic begins.	199	2026-11-26 01:10:40.431342+00	2026-11-26 01:10:40.431342+00
379	እሳት ወይ አበባ	«እሳት ወይ አበባ»፣ ደራሲ፦ ጸጋዬ ገብረ መድኅን።	«እሳት ወይ አበባ»፣ ደራሲ፦ ጸጋዬ ገብረ መድኅን። Fire or flower: verse in a metre of the poet's own. 🔥🌼	200	2026-11-26 01:10:40.440668+00	2026-11-26 01:10:40.440668+00
380	Fundamento de Esperanto	\N	Aŭtoro: Ludwik Lejzer Zamenhof. Verko: «Fundamento de Esperanto». Unua eldono: 1905.\n\nA grammar, exercises and a dictionary. The letters ĉ ĝ ĥ ĵ ŝ ŭ are all here.	201	2026-11-26 01:10:40.447188+00	2026-11-26 01:10:40.447188+00
381	Blodeuwedd	A play, 1948.	Awdur: Saunders Lewis. Teitl: “Blodeuwedd”. Blwyddyn: 1948.\n\nA woman made of flowers has no ancestors and no patience. 🌼	202	2026-11-26 01:10:40.452902+00	2026-11-26 01:10:40.452902+00
382	Siwan	Awdur: Saunders Lewis. Teitl: “Siwan”.	Blwyddyn: 1956.\n\nA princess, a lover and the morning of a hanging.	202	2026-11-26 01:10:40.456148+00	2026-11-26 01:10:40.456148+00
383	Dundo Maroje	\N	„Dundo Maroje”, autor: Marin Držić. Prvo izdanje: 1551.\nA father goes to Rome to see where his ducats are.	203	2026-11-26 01:10:40.460987+00	2026-11-26 01:10:40.460987+00
384	Gospoda Glembajevi	A play, 1928.	„Gospoda Glembajevi”, autor: Miroslav Krleža. Prvo izdanje: 1928.\nA family portrait, with bankruptcy.	204	2026-11-26 01:10:40.465528+00	2026-11-26 01:10:40.465528+00
385	Povratak Filipa Latinovicza	„Povratak Filipa Latinovicza”, autor: Miroslav Krleža.	Prvo izdanje: 1932.\nA painter comes home after twenty-three years, to find colour.	204	2026-11-26 01:10:40.467685+00	2026-11-26 01:10:40.467685+00
386	Zdravljica	\N	»Zdravljica«, avtor: France Prešeren. Prva objava: 1844. A toast to all nations that long for the day when neighbours are no devils. 🥂	205	2026-11-26 01:10:40.471798+00	2026-11-26 01:10:40.471798+00
387	Sonetni venec	Poems, 1834.	»Sonetni venec«, avtor: France Prešeren. Prva objava: 1834. Fifteen sonnets tied end to end into a wreath.	205	2026-11-26 01:10:40.474246+00	2026-11-26 01:10:40.474246+00
388	Gjenerali i ushtrisë së vdekur	“Gjenerali i ushtrisë së vdekur”, autori: Ismail Kadare.	Botimi i parë: 1963. A general is sent to bring home the bones of soldiers.	206	2026-11-26 01:10:40.478289+00	2026-11-26 01:10:40.478289+00
389	Kronikë në gur	\N	“Kronikë në gur”, autori: Ismail Kadare. Botimi i parë: 1971.\n\nA boy sees his steep stone town through a war.	206	2026-11-26 01:10:40.480363+00	2026-11-26 01:10:40.480363+00
\.


--
-- Data for Name: authors; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.authors (id, first_name, last_name, created_at, updated_at) FROM stdin;
1	Selma	Lagerlöf	2026-11-26 01:10:38.85554+00	2026-11-26 01:10:38.85554+00
2	Selma	Lagerlöf	2026-11-26 01:10:38.876375+00	2026-11-26 01:10:38.876375+00
3	August	Strindberg	2026-11-26 01:10:38.88327+00	2026-11-26 01:10:38.88327+00
4	Karin	Boye	2026-11-26 01:10:38.896658+00	2026-11-26 01:10:38.896658+00
5	Edith	Södergran	2026-11-26 01:10:38.90566+00	2026-11-26 01:10:38.90566+00
6	Henrik	Ibsen	2026-11-26 01:10:38.914573+00	2026-11-26 01:10:38.914573+00
7	Sigrid	Undset	2026-11-26 01:10:38.927183+00	2026-11-26 01:10:38.927183+00
8	H. C.	Andersen	2026-11-26 01:10:38.937817+00	2026-11-26 01:10:38.937817+00
9	Søren	Kierkegaard	2026-11-26 01:10:38.957686+00	2026-11-26 01:10:38.957686+00
10	Karen	Blixen	2026-11-26 01:10:38.972756+00	2026-11-26 01:10:38.972756+00
11	Snorri	Sturluson	2026-11-26 01:10:38.987579+00	2026-11-26 01:10:38.987579+00
12	Halldór	Laxness	2026-11-26 01:10:39.001094+00	2026-11-26 01:10:39.001094+00
13	Halldór	Laxness	2026-11-26 01:10:39.012741+00	2026-11-26 01:10:39.012741+00
14	Aleksis	Kivi	2026-11-26 01:10:39.018886+00	2026-11-26 01:10:39.018886+00
15	Tove	Jansson	2026-11-26 01:10:39.028073+00	2026-11-26 01:10:39.028073+00
16	Anton Hansen	Tammsaare	2026-11-26 01:10:39.036959+00	2026-11-26 01:10:39.036959+00
17	Jānis	Rainis	2026-11-26 01:10:39.047177+00	2026-11-26 01:10:39.047177+00
18	Kristijonas	Donelaitis	2026-11-26 01:10:39.055426+00	2026-11-26 01:10:39.055426+00
19	Adam	Mickiewicz	2026-11-26 01:10:39.059555+00	2026-11-26 01:10:39.059555+00
20	Wisława	Szymborska	2026-11-26 01:10:39.068699+00	2026-11-26 01:10:39.068699+00
21	Bolesław	Prus	2026-11-26 01:10:39.07637+00	2026-11-26 01:10:39.07637+00
22	Stanisław	Lem	2026-11-26 01:10:39.084993+00	2026-11-26 01:10:39.084993+00
23	Karel	Čapek	2026-11-26 01:10:39.096403+00	2026-11-26 01:10:39.096403+00
24	Karel	Čapek	2026-11-26 01:10:39.107444+00	2026-11-26 01:10:39.107444+00
25	Božena	Němcová	2026-11-26 01:10:39.112506+00	2026-11-26 01:10:39.112506+00
26	Jaroslav	Hašek	2026-11-26 01:10:39.12032+00	2026-11-26 01:10:39.12032+00
27	Bohumil	Hrabal	2026-11-26 01:10:39.126039+00	2026-11-26 01:10:39.126039+00
28	Pavol Országh	Hviezdoslav	2026-11-26 01:10:39.135027+00	2026-11-26 01:10:39.135027+00
29	Sándor	Petőfi	2026-11-26 01:10:39.144214+00	2026-11-26 01:10:39.144214+00
30	Imre	Madách	2026-11-26 01:10:39.155005+00	2026-11-26 01:10:39.155005+00
31	Magda	Szabó	2026-11-26 01:10:39.161861+00	2026-11-26 01:10:39.161861+00
32	Mihai	Eminescu	2026-11-26 01:10:39.171544+00	2026-11-26 01:10:39.171544+00
33	Ion	Creangă	2026-11-26 01:10:39.182154+00	2026-11-26 01:10:39.182154+00
34	Halide Edib	Adıvar	2026-11-26 01:10:39.192024+00	2026-11-26 01:10:39.192024+00
35	Sabahattin	Ali	2026-11-26 01:10:39.203409+00	2026-11-26 01:10:39.203409+00
36	Reşat Nuri	Güntekin	2026-11-26 01:10:39.21965+00	2026-11-26 01:10:39.21965+00
37	Reşat Nuri	Güntekin	2026-11-26 01:10:39.227919+00	2026-11-26 01:10:39.227919+00
38	Ahmet Hamdi	Tanpınar	2026-11-26 01:10:39.232561+00	2026-11-26 01:10:39.232561+00
39	Nâzım	Hikmet	2026-11-26 01:10:39.243931+00	2026-11-26 01:10:39.243931+00
40	Məhəmməd	Füzuli	2026-11-26 01:10:39.251643+00	2026-11-26 01:10:39.251643+00
41	Du	Nguyễn	2026-11-26 01:10:39.260534+00	2026-11-26 01:10:39.260534+00
42	Du	Nguyễn	2026-11-26 01:10:39.268626+00	2026-11-26 01:10:39.268626+00
43	Xuân Hương	Hồ	2026-11-26 01:10:39.274117+00	2026-11-26 01:10:39.274117+00
44	Cao	Nam	2026-11-26 01:10:39.282818+00	2026-11-26 01:10:39.282818+00
45	Trọng Phụng	Vũ	2026-11-26 01:10:39.29162+00	2026-11-26 01:10:39.29162+00
46	Miguel de	Cervantes	2026-11-26 01:10:39.299396+00	2026-11-26 01:10:39.299396+00
47	Sor Juana	Inés de la Cruz	2026-11-26 01:10:39.313126+00	2026-11-26 01:10:39.313126+00
48	Jorge Luis	Borges	2026-11-26 01:10:39.321244+00	2026-11-26 01:10:39.321244+00
49	Gabriela	Mistral	2026-11-26 01:10:39.334469+00	2026-11-26 01:10:39.334469+00
50	Federico	García Lorca	2026-11-26 01:10:39.342361+00	2026-11-26 01:10:39.342361+00
51	Rosalía de	Castro	2026-11-26 01:10:39.349746+00	2026-11-26 01:10:39.349746+00
52	Mercè	Rodoreda	2026-11-26 01:10:39.361818+00	2026-11-26 01:10:39.361818+00
53	Luís de	Camões	2026-11-26 01:10:39.374061+00	2026-11-26 01:10:39.374061+00
54	Fernando	Pessoa	2026-11-26 01:10:39.381742+00	2026-11-26 01:10:39.381742+00
55	Joaquim Maria	Machado de Assis	2026-11-26 01:10:39.392599+00	2026-11-26 01:10:39.392599+00
56	Clarice	Lispector	2026-11-26 01:10:39.410736+00	2026-11-26 01:10:39.410736+00
57	Victor	Hugo	2026-11-26 01:10:39.424959+00	2026-11-26 01:10:39.424959+00
58	Honoré de	Balzac	2026-11-26 01:10:39.446874+00	2026-11-26 01:10:39.446874+00
59	George	Sand	2026-11-26 01:10:39.452285+00	2026-11-26 01:10:39.452285+00
60	Marcel	Proust	2026-11-26 01:10:39.456854+00	2026-11-26 01:10:39.456854+00
61	François	Villon	2026-11-26 01:10:39.463126+00	2026-11-26 01:10:39.463126+00
62	Johann Wolfgang von	Goethe	2026-11-26 01:10:39.468634+00	2026-11-26 01:10:39.468634+00
63	Franz	Kafka	2026-11-26 01:10:39.482266+00	2026-11-26 01:10:39.482266+00
64	Annette von	Droste-Hülshoff	2026-11-26 01:10:39.499088+00	2026-11-26 01:10:39.499088+00
65	Rainer Maria	Rilke	2026-11-26 01:10:39.505901+00	2026-11-26 01:10:39.505901+00
66	Dante	Alighieri	2026-11-26 01:10:39.511818+00	2026-11-26 01:10:39.511818+00
67	Giacomo	Leopardi	2026-11-26 01:10:39.516712+00	2026-11-26 01:10:39.516712+00
68	Grazia	Deledda	2026-11-26 01:10:39.523078+00	2026-11-26 01:10:39.523078+00
69	Italo	Svevo	2026-11-26 01:10:39.530612+00	2026-11-26 01:10:39.530612+00
70	Eduard	Douwes Dekker	2026-11-26 01:10:39.535172+00	2026-11-26 01:10:39.535172+00
71	Louis	Couperus	2026-11-26 01:10:39.540372+00	2026-11-26 01:10:39.540372+00
72	Máirtín	Ó Cadhain	2026-11-26 01:10:39.547565+00	2026-11-26 01:10:39.547565+00
73	Charlotte	Brontë	2026-11-26 01:10:39.551669+00	2026-11-26 01:10:39.551669+00
74	Charlotte	Brontë	2026-11-26 01:10:39.557859+00	2026-11-26 01:10:39.557859+00
75	Daniel	Defoe	2026-11-26 01:10:39.561547+00	2026-11-26 01:10:39.561547+00
76	Mary	Shelley	2026-11-26 01:10:39.567588+00	2026-11-26 01:10:39.567588+00
77	Toni	Morrison	2026-11-26 01:10:39.57319+00	2026-11-26 01:10:39.57319+00
78	Chinua	Achebe	2026-11-26 01:10:39.585076+00	2026-11-26 01:10:39.585076+00
79	Daniel Ọlọ́runfẹ́mi	Fágúnwà	2026-11-26 01:10:39.599033+00	2026-11-26 01:10:39.599033+00
80	Daniel Ọlọ́runfẹ́mi	Fágúnwà	2026-11-26 01:10:39.614647+00	2026-11-26 01:10:39.614647+00
81	Shaaban	Robert	2026-11-26 01:10:39.623519+00	2026-11-26 01:10:39.623519+00
82	Publius	Vergilius Maro	2026-11-26 01:10:39.633365+00	2026-11-26 01:10:39.633365+00
83	Publius	Ovidius Naso	2026-11-26 01:10:39.652948+00	2026-11-26 01:10:39.652948+00
84	Ὅμηρος	ὁ ποιητής	2026-11-26 01:10:39.662449+00	2026-11-26 01:10:39.662449+00
85	Ὅμηρος	ὁ ποιητής	2026-11-26 01:10:39.669933+00	2026-11-26 01:10:39.669933+00
86	Σαπφώ	ἡ Λεσβία	2026-11-26 01:10:39.674699+00	2026-11-26 01:10:39.674699+00
87	Σοφοκλῆς	ὁ Ἀθηναῖος	2026-11-26 01:10:39.681389+00	2026-11-26 01:10:39.681389+00
88	Κωνσταντίνος	Καβάφης	2026-11-26 01:10:39.688118+00	2026-11-26 01:10:39.688118+00
89	Κωνσταντίνος	Καβάφης	2026-11-26 01:10:39.701527+00	2026-11-26 01:10:39.701527+00
90	Νίκος	Καζαντζάκης	2026-11-26 01:10:39.709594+00	2026-11-26 01:10:39.709594+00
91	Γιώργος	Σεφέρης	2026-11-26 01:10:39.721542+00	2026-11-26 01:10:39.721542+00
92	Александр	Пушкин	2026-11-26 01:10:39.737002+00	2026-11-26 01:10:39.737002+00
93	Фёдор	Достоевский	2026-11-26 01:10:39.760383+00	2026-11-26 01:10:39.760383+00
94	Фёдор	Достоевский	2026-11-26 01:10:39.779451+00	2026-11-26 01:10:39.779451+00
95	Лев	Толстой	2026-11-26 01:10:39.78828+00	2026-11-26 01:10:39.78828+00
96	Антон	Чехов	2026-11-26 01:10:39.807359+00	2026-11-26 01:10:39.807359+00
97	Анна	Ахматова	2026-11-26 01:10:39.826856+00	2026-11-26 01:10:39.826856+00
98	Михаил	Булгаков	2026-11-26 01:10:39.840624+00	2026-11-26 01:10:39.840624+00
99	Тарас	Шевченко	2026-11-26 01:10:39.851394+00	2026-11-26 01:10:39.851394+00
100	Леся	Українка	2026-11-26 01:10:39.867491+00	2026-11-26 01:10:39.867491+00
101	Іван	Франко	2026-11-26 01:10:39.875264+00	2026-11-26 01:10:39.875264+00
102	Янка	Купала	2026-11-26 01:10:39.880897+00	2026-11-26 01:10:39.880897+00
103	Янка	Купала	2026-11-26 01:10:39.884694+00	2026-11-26 01:10:39.884694+00
104	Иван	Вазов	2026-11-26 01:10:39.888418+00	2026-11-26 01:10:39.888418+00
105	Иво	Андрић	2026-11-26 01:10:39.893297+00	2026-11-26 01:10:39.893297+00
106	Милош	Црњански	2026-11-26 01:10:39.898017+00	2026-11-26 01:10:39.898017+00
107	Кочо	Рацин	2026-11-26 01:10:39.902532+00	2026-11-26 01:10:39.902532+00
108	Абай	Құнанбайұлы	2026-11-26 01:10:39.905626+00	2026-11-26 01:10:39.905626+00
109	Дашдоржийн	Нацагдорж	2026-11-26 01:10:39.908697+00	2026-11-26 01:10:39.908697+00
110	შოთა	რუსთაველი	2026-11-26 01:10:39.913085+00	2026-11-26 01:10:39.913085+00
111	ილია	ჭავჭავაძე	2026-11-26 01:10:39.91662+00	2026-11-26 01:10:39.91662+00
112	ვაჟა	ფშაველა	2026-11-26 01:10:39.921737+00	2026-11-26 01:10:39.921737+00
113	Հովհաննես	Թումանյան	2026-11-26 01:10:39.926361+00	2026-11-26 01:10:39.926361+00
114	Գրիգոր	Նարեկացի	2026-11-26 01:10:39.931426+00	2026-11-26 01:10:39.931426+00
115	Եղիշե	Չարենց	2026-11-26 01:10:39.935043+00	2026-11-26 01:10:39.935043+00
116	白	李	2026-11-26 01:10:39.940924+00	2026-11-26 01:10:39.940924+00
117	甫	杜	2026-11-26 01:10:39.948063+00	2026-11-26 01:10:39.948063+00
118	雪芹	曹	2026-11-26 01:10:39.954915+00	2026-11-26 01:10:39.954915+00
119	承恩	吴	2026-11-26 01:10:39.958685+00	2026-11-26 01:10:39.958685+00
120	迅	鲁	2026-11-26 01:10:39.962041+00	2026-11-26 01:10:39.962041+00
121	清照	李	2026-11-26 01:10:39.968952+00	2026-11-26 01:10:39.968952+00
122	爱玲	张	2026-11-26 01:10:39.973221+00	2026-11-26 01:10:39.973221+00
123	軾	蘇	2026-11-26 01:10:39.977368+00	2026-11-26 01:10:39.977368+00
124	松齡	蒲	2026-11-26 01:10:39.983714+00	2026-11-26 01:10:39.983714+00
125	淵明	陶	2026-11-26 01:10:39.986882+00	2026-11-26 01:10:39.986882+00
126	式部	紫	2026-11-26 01:10:39.992341+00	2026-11-26 01:10:39.992341+00
127	少納言	清	2026-11-26 01:10:39.99743+00	2026-11-26 01:10:39.99743+00
128	芭蕉	松尾	2026-11-26 01:10:40.001578+00	2026-11-26 01:10:40.001578+00
129	漱石	夏目	2026-11-26 01:10:40.007672+00	2026-11-26 01:10:40.007672+00
130	一葉	樋口	2026-11-26 01:10:40.017394+00	2026-11-26 01:10:40.017394+00
131	龍之介	芥川	2026-11-26 01:10:40.025344+00	2026-11-26 01:10:40.025344+00
132	賢治	宮沢	2026-11-26 01:10:40.037937+00	2026-11-26 01:10:40.037937+00
133	久作	夢野	2026-11-26 01:10:40.049001+00	2026-11-26 01:10:40.049001+00
134	久作	夢野	2026-11-26 01:10:40.054454+00	2026-11-26 01:10:40.054454+00
135	소월	김	2026-11-26 01:10:40.058989+00	2026-11-26 01:10:40.058989+00
136	동주	윤	2026-11-26 01:10:40.063538+00	2026-11-26 01:10:40.063538+00
137	동주	윤	2026-11-26 01:10:40.071885+00	2026-11-26 01:10:40.071885+00
138	상	이	2026-11-26 01:10:40.076514+00	2026-11-26 01:10:40.076514+00
139	균	허	2026-11-26 01:10:40.082293+00	2026-11-26 01:10:40.082293+00
140	경리	박	2026-11-26 01:10:40.085922+00	2026-11-26 01:10:40.085922+00
141	أبو الطيب	المتنبي	2026-11-26 01:10:40.092528+00	2026-11-26 01:10:40.092528+00
142	نجيب	محفوظ	2026-11-26 01:10:40.097927+00	2026-11-26 01:10:40.097927+00
143	نجيب	محفوظ	2026-11-26 01:10:40.106908+00	2026-11-26 01:10:40.106908+00
144	طه	حسين	2026-11-26 01:10:40.110595+00	2026-11-26 01:10:40.110595+00
145	جبران خليل	جبران	2026-11-26 01:10:40.114989+00	2026-11-26 01:10:40.114989+00
146	أبو العلاء	المعري	2026-11-26 01:10:40.119704+00	2026-11-26 01:10:40.119704+00
147	غسان	كنفاني	2026-11-26 01:10:40.124555+00	2026-11-26 01:10:40.124555+00
148	مي	زيادة	2026-11-26 01:10:40.129311+00	2026-11-26 01:10:40.129311+00
149	ابوالقاسم	فردوسی	2026-11-26 01:10:40.132002+00	2026-11-26 01:10:40.132002+00
150	حافظ	شیرازی	2026-11-26 01:10:40.135232+00	2026-11-26 01:10:40.135232+00
151	سعدی	شیرازی	2026-11-26 01:10:40.138143+00	2026-11-26 01:10:40.138143+00
152	جلال‌الدین محمد	بلخی	2026-11-26 01:10:40.142345+00	2026-11-26 01:10:40.142345+00
153	صادق	هدایت	2026-11-26 01:10:40.146399+00	2026-11-26 01:10:40.146399+00
154	فروغ	فرخزاد	2026-11-26 01:10:40.150479+00	2026-11-26 01:10:40.150479+00
155	عمر	خیام	2026-11-26 01:10:40.154319+00	2026-11-26 01:10:40.154319+00
156	مرزا اسد اللہ	غالب	2026-11-26 01:10:40.157506+00	2026-11-26 01:10:40.157506+00
157	محمد	اقبال	2026-11-26 01:10:40.161552+00	2026-11-26 01:10:40.161552+00
158	سعادت حسن	منٹو	2026-11-26 01:10:40.165663+00	2026-11-26 01:10:40.165663+00
159	חיים נחמן	ביאליק	2026-11-26 01:10:40.16965+00	2026-11-26 01:10:40.16965+00
160	שמואל יוסף	עגנון	2026-11-26 01:10:40.174918+00	2026-11-26 01:10:40.174918+00
161	יהודה	הלוי	2026-11-26 01:10:40.179454+00	2026-11-26 01:10:40.179454+00
162	שלום	עליכם	2026-11-26 01:10:40.184927+00	2026-11-26 01:10:40.184927+00
163	ܐܦܪܝܡ	ܣܘܪܝܝܐ	2026-11-26 01:10:40.190044+00	2026-11-26 01:10:40.190044+00
164	𒂗	𒃶𒌌𒀭𒈾	2026-11-26 01:10:40.193103+00	2026-11-26 01:10:40.193103+00
165	मुंशी	प्रेमचंद	2026-11-26 01:10:40.195899+00	2026-11-26 01:10:40.195899+00
166	मुंशी	प्रेमचंद	2026-11-26 01:10:40.204648+00	2026-11-26 01:10:40.204648+00
167	कबीर	दास	2026-11-26 01:10:40.208437+00	2026-11-26 01:10:40.208437+00
168	तुलसी	दास	2026-11-26 01:10:40.211658+00	2026-11-26 01:10:40.211658+00
169	महादेवी	वर्मा	2026-11-26 01:10:40.216736+00	2026-11-26 01:10:40.216736+00
170	जयशंकर	प्रसाद	2026-11-26 01:10:40.221574+00	2026-11-26 01:10:40.221574+00
171	कालि	दासः	2026-11-26 01:10:40.224633+00	2026-11-26 01:10:40.224633+00
172	व्यासः	कृष्णद्वैपायनः	2026-11-26 01:10:40.231309+00	2026-11-26 01:10:40.231309+00
173	संत	ज्ञानेश्वर	2026-11-26 01:10:40.234663+00	2026-11-26 01:10:40.234663+00
174	लक्ष्मीप्रसाद	देवकोटा	2026-11-26 01:10:40.238077+00	2026-11-26 01:10:40.238077+00
175	রবীন্দ্রনাথ	ঠাকুর	2026-11-26 01:10:40.241452+00	2026-11-26 01:10:40.241452+00
176	রবীন্দ্রনাথ	ঠাকুর	2026-11-26 01:10:40.251879+00	2026-11-26 01:10:40.251879+00
177	কাজী নজরুল	ইসলাম	2026-11-26 01:10:40.25679+00	2026-11-26 01:10:40.25679+00
178	বিভূতিভূষণ	বন্দ্যোপাধ্যায়	2026-11-26 01:10:40.264996+00	2026-11-26 01:10:40.264996+00
179	বেগম	রোকেয়া	2026-11-26 01:10:40.271858+00	2026-11-26 01:10:40.271858+00
180	திரு	வள்ளுவர்	2026-11-26 01:10:40.278387+00	2026-11-26 01:10:40.278387+00
181	இளங்கோ	அடிகள்	2026-11-26 01:10:40.283409+00	2026-11-26 01:10:40.283409+00
182	சுப்பிரமணிய	பாரதி	2026-11-26 01:10:40.288158+00	2026-11-26 01:10:40.288158+00
183	கல்கி	கிருஷ்ணமூர்த்தி	2026-11-26 01:10:40.295409+00	2026-11-26 01:10:40.295409+00
184	கல்கி	கிருஷ்ணமூர்த்தி	2026-11-26 01:10:40.302327+00	2026-11-26 01:10:40.302327+00
185	గురజాడ	అప్పారావు	2026-11-26 01:10:40.307196+00	2026-11-26 01:10:40.307196+00
186	ಕುವೆಂಪು	ಪುಟ್ಟಪ್ಪ	2026-11-26 01:10:40.314438+00	2026-11-26 01:10:40.314438+00
187	വൈക്കം മുഹമ്മദ്	ബഷീർ	2026-11-26 01:10:40.32097+00	2026-11-26 01:10:40.32097+00
188	തകഴി	ശിവശങ്കരപ്പിള്ള	2026-11-26 01:10:40.327619+00	2026-11-26 01:10:40.327619+00
189	મોહનદાસ	ગાંધી	2026-11-26 01:10:40.333886+00	2026-11-26 01:10:40.333886+00
190	ਅੰਮ੍ਰਿਤਾ	ਪ੍ਰੀਤਮ	2026-11-26 01:10:40.34205+00	2026-11-26 01:10:40.34205+00
191	ଫକୀର ମୋହନ	ସେନାପତି	2026-11-26 01:10:40.349346+00	2026-11-26 01:10:40.349346+00
192	මාර්ටින්	වික්‍රමසිංහ	2026-11-26 01:10:40.357061+00	2026-11-26 01:10:40.357061+00
193	สุนทร	ภู่	2026-11-26 01:10:40.36716+00	2026-11-26 01:10:40.36716+00
194	กุหลาบ	สายประดิษฐ์	2026-11-26 01:10:40.378669+00	2026-11-26 01:10:40.378669+00
195	ភិក្ខុ	សោម	2026-11-26 01:10:40.391073+00	2026-11-26 01:10:40.391073+00
196	ဂျိမ်းစ်	လှကျော်	2026-11-26 01:10:40.399346+00	2026-11-26 01:10:40.399346+00
197	ཚངས་དབྱངས་	རྒྱ་མཚོ	2026-11-26 01:10:40.40708+00	2026-11-26 01:10:40.40708+00
198	ሐዲስ	ዓለማየሁ	2026-11-26 01:10:40.415655+00	2026-11-26 01:10:40.415655+00
199	አፈወርቅ	ገብረ ኢየሱስ	2026-11-26 01:10:40.427296+00	2026-11-26 01:10:40.427296+00
200	ጸጋዬ	ገብረ መድኅን	2026-11-26 01:10:40.436009+00	2026-11-26 01:10:40.436009+00
201	Ludwik Lejzer	Zamenhof	2026-11-26 01:10:40.444185+00	2026-11-26 01:10:40.444185+00
202	Saunders	Lewis	2026-11-26 01:10:40.450195+00	2026-11-26 01:10:40.450195+00
203	Marin	Držić	2026-11-26 01:10:40.45876+00	2026-11-26 01:10:40.45876+00
204	Miroslav	Krleža	2026-11-26 01:10:40.463356+00	2026-11-26 01:10:40.463356+00
205	France	Prešeren	2026-11-26 01:10:40.469627+00	2026-11-26 01:10:40.469627+00
206	Ismail	Kadare	2026-11-26 01:10:40.476369+00	2026-11-26 01:10:40.476369+00
\.


--
-- Name: articles_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.articles_id_seq', 389, true);


--
-- Name: authors_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.authors_id_seq', 206, true);


--
-- Name: alembic_version alembic_version_pkc; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);


--
-- Name: articles pk_articles; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.articles
    ADD CONSTRAINT pk_articles PRIMARY KEY (id);


--
-- Name: authors pk_authors; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.authors
    ADD CONSTRAINT pk_authors PRIMARY KEY (id);


--
-- Name: ix_articles_author_id_created_at_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_articles_author_id_created_at_id ON public.articles USING btree (author_id, created_at, id);


--
-- Name: ix_articles_author_id_title_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_articles_author_id_title_id ON public.articles USING btree (author_id, title, id);


--
-- Name: ix_articles_author_id_updated_at_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_articles_author_id_updated_at_id ON public.articles USING btree (author_id, updated_at, id);


--
-- Name: ix_articles_created_at_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_articles_created_at_id ON public.articles USING btree (created_at, id);


--
-- Name: ix_articles_title_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_articles_title_id ON public.articles USING btree (title, id);


--
-- Name: ix_articles_updated_at_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_articles_updated_at_id ON public.articles USING btree (updated_at, id);


--
-- Name: ix_authors_created_at_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_authors_created_at_id ON public.authors USING btree (created_at, id);


--
-- Name: ix_authors_last_name_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_authors_last_name_id ON public.authors USING btree (last_name, id);


--
-- Name: ix_authors_updated_at_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_authors_updated_at_id ON public.authors USING btree (updated_at, id);


--
-- Name: articles fk_articles_author_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.articles
    ADD CONSTRAINT fk_articles_author_id FOREIGN KEY (author_id) REFERENCES public.authors(id);


--
-- PostgreSQL database dump complete
--


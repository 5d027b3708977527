"""Rewrites OpenAPI 3.0 keywords, and rare ones of 3.1, as 3.1 keywords that the generator knows."""

from specfirst.codegen.traversal import BASE, SUBTYPES, Schema, reference
from specfirst.contract.schemas import subschemas


def upgrade_30_to_31(schema: Schema) -> None:
    """Rewrite a schema in place: `nullable`, boolean `exclusiveMinimum` and subschemas, etc."""
    for bound, excluding in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if schema.get(excluding) is True and bound in schema:
            schema[excluding] = schema.pop(bound)
        elif isinstance(schema.get(excluding), bool):
            del schema[excluding]
    if schema.get("enum") == []:  # JSON Schema advises against it, and Python has no empty Literal
        del schema["enum"]
    if schema.get("type") == "string" and _is_file(schema):
        schema["format"] = "binary"
    if schema.get("items") is False:
        schema["maxItems"] = len(schema.get("prefixItems", []))
    if isinstance(schema.get("items"), bool):
        schema["items"] = {}
    for (keyword, key), part in subschemas(schema, ("properties", "allOf", "anyOf", "oneOf")):
        if isinstance(part, bool):
            schema[str(keyword)][key] = {} if part else {"not": {}}
    if schema.pop("nullable", False):
        if "enum" in schema and None not in schema["enum"]:
            schema["enum"].append(None)
        if isinstance(schema.get("type"), str):
            schema["type"] = [schema["type"], "null"]
        elif "$ref" in schema or "allOf" in schema:
            whole = {
                keyword: schema.pop(keyword)
                for keyword in list(schema)
                if keyword not in ("description", "title", "default")
            }
            schema["anyOf"] = [whole, {"type": "null"}]


def _is_file(schema: Schema) -> bool:
    """Return whether a string stands for binary data (OpenAPI 3.1, section 4.8.14.4)."""
    media_type = schema.get("contentMediaType", "text/plain")
    return (
        "contentEncoding" not in schema
        and not media_type.startswith("text/")
        and "json" not in media_type
    )


def explicit_discriminator(schema: Schema) -> None:
    """Write out the implied mapping of a discriminator, under another name.

    Under its own name the parser would rewrite the options.
    """
    rule = schema.pop("discriminator", None)
    if isinstance(rule, dict):
        options = [
            option["$ref"]
            for keyword in ("oneOf", "anyOf")
            for option in schema.get(keyword, [])
            if "$ref" in option
        ]
        implied = {option.rsplit("/", 1)[-1]: option for option in options}
        schema["x-discriminator"] = {**rule, "mapping": {**implied, **rule.get("mapping", {})}}


def name_subtypes(schemas: dict[str, Schema]) -> None:
    """Give a schema with a discriminator and no options those that are made of it by `allOf`.

    That is how OpenAPI describes inheritance (3.1, section 4.8.24.4): where the base is expected,
    the property selects one of them.
    """
    for name, schema in schemas.items():
        rule = schema.get("x-discriminator")
        if not rule or "oneOf" in schema or "anyOf" in schema:
            continue
        del schema["x-discriminator"]
        below = _made_of(schemas, name)
        if below:
            implied = {each: reference(each) for each in (name, *below)}
            schema[SUBTYPES] = {**rule, "mapping": {**implied, **rule["mapping"]}}
            family = {*implied.values()}
            for each in below:
                parts = [part.get("$ref") for part in schemas[each]["allOf"]]
                schemas[each].setdefault(BASE, next(part for part in parts if part in family))


def _made_of(schemas: dict[str, Schema], name: str) -> list[str]:
    """Return the names of the schemas that have another one in their `allOf`, directly or not."""
    found = [name]
    for each in found:
        found += [
            other
            for other, schema in schemas.items()
            if other not in found
            and any(part.get("$ref") == reference(each) for part in schema.get("allOf", ()))
        ]
    return found[1:]

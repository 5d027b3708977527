"""Versions: the words of OpenAPI 3.0, and the rarer ones of 3.1, as the words that the rest knows."""

from specfirst.codegen.walking import ANNOTATIONS, Schema, is_plain_reference, without_booleans


def modern(schema: Schema) -> None:
    """Write the words of 3.0 as 3.1 does: `nullable`, and bounds that exclude."""
    for bound, excluding in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if schema.get(excluding) is True and bound in schema:
            schema[excluding] = schema.pop(bound)
        elif isinstance(schema.get(excluding), bool):
            del schema[excluding]
    if schema.get("enum") == []:
        del schema["enum"]
    if schema.get("type") == "string" and _is_file(schema):
        schema["format"] = "binary"
    if schema.get("items") is False:
        schema["maxItems"] = len(schema.get("prefixItems", []))
    if isinstance(schema.get("items"), bool):
        schema["items"] = {}
    if "patternProperties" in schema and schema.get("additionalProperties") is False:
        schema["additionalProperties"] = {"anyOf": list(schema["patternProperties"].values())}
    for group in (schema.get("properties"), *(schema.get(word) for word in ("allOf", "anyOf", "oneOf"))):
        without_booleans(group)
    if schema.pop("nullable", False):
        if "enum" in schema and None not in schema["enum"]:
            schema["enum"].append(None)
        if isinstance(schema.get("type"), str):
            schema["type"] = [schema["type"], "null"]
        elif "$ref" in schema or "allOf" in schema:
            whole = {word: schema.pop(word) for word in list(schema) if word not in ("description", "title", "default")}
            schema["anyOf"] = [whole, {"type": "null"}]
    if len(schema.get("allOf", [])) == 1 and is_plain_reference(schema["allOf"][0]):
        if schema.keys() - ANNOTATIONS == {"allOf"}:  # the way of 3.0 to say something beside a reference
            schema["$ref"] = schema.pop("allOf")[0]["$ref"]


def _is_file(schema: Schema) -> bool:
    """Tell whether a text stands for bytes, as 3.1 writes it (OpenAPI 3.1, section 4.8.14.4)."""
    media_type = schema.get("contentMediaType", "text/plain")
    return "contentEncoding" not in schema and not media_type.startswith("text/") and "json" not in media_type


def explicit_discriminator(schema: Schema) -> None:
    """Name every option of a discriminator; the tool below shall not see it, because it rewrites the options."""
    rule = schema.pop("discriminator", None)
    if isinstance(rule, dict):
        options = [option["$ref"] for word in ("oneOf", "anyOf") for option in schema.get(word, []) if "$ref" in option]
        implied = {option.rsplit("/", 1)[-1]: option for option in options}
        schema["x-discriminator"] = {**rule, "mapping": {**implied, **rule.get("mapping", {})}}

"""Writes a client from an OpenAPI document, and a reader of its schemas: samples of what to send, faults of what came.

The client is what an integrator would generate: one method for each operation, path and query by keyword, the body as
``body``. It knows nothing of the program but the document.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Document = dict[str, Any]


def source(document: Document) -> str:
    """The text of a module with a class ``Client``; ``send(method, path, query, body, kind)`` is handed to it."""
    lines = ["class Client:", "    def __init__(self, send):", "        self.send = send"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            given = [each for each in operation.get("parameters", ()) if each["in"] in ("path", "query")]
            names = ", ".join(f"{each['name']}=None" for each in given) + (", " if given else "")
            kind = next(iter(operation.get("requestBody", {}).get("content", {"": None})))
            query = ", ".join(f"{each['name']!r}: {each['name']}" for each in given if each["in"] == "query")
            values = ", ".join(f"{each['name']}={each['name']}" for each in given if each["in"] == "path")
            lines += [
                "",
                f"    def {operation['operationId']}(self, *, {names}body=None):",
                f"        path = {path!r}.format({values})",
                f"        return self.send({method.upper()!r}, path, {{{query}}}, body, {kind!r})",
            ]
    return "\n".join(lines) + "\n"


def load(document: Document, send: Callable[..., Any]) -> Any:
    """A client of the document."""
    space: dict[str, Any] = {}
    exec(compile(source(document), "client", "exec"), space)
    return space["Client"](send)


def _followed(document: Document, schema: Document) -> Document:
    while "$ref" in schema:
        found: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def sample(document: Document, schema: Document) -> Any:
    """A small value that fits the schema."""
    schema = _followed(document, schema)
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0]
    for choice in ("anyOf", "allOf"):
        if choice in schema:
            return sample(document, schema[choice][0])
    kind = schema.get("type")
    if kind == "object":
        wanted = schema.get("required", ())
        return {name: sample(document, each) for name, each in schema.get("properties", {}).items() if name in wanted}
    if kind == "array":
        return [sample(document, schema["items"])] if schema.get("minItems", 0) or "items" in schema else []
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    if kind == "boolean":
        return False
    return {"date": "2026-06-01", "date-time": "2026-06-01T09:00:00+08:00"}.get(schema.get("format", ""), "x")


TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def faults(document: Document, schema: Document, value: Any, where: str = "$") -> list[str]:
    """Where ``value`` is not what the schema says."""
    schema = _followed(document, schema)
    if "anyOf" in schema:
        found = [faults(document, each, value, where) for each in schema["anyOf"]]
        return [] if any(not each for each in found) else found[0]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{where}: {value!r} is none of {schema['enum']}"]
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(isinstance(value, TYPES[kind]) for kind in kinds):
        return [f"{where}: {value!r} is no {' or '.join(kinds)}"]
    if isinstance(value, dict):
        lacking = [f"{where}: {name} is missing" for name in schema.get("required", ()) if name not in value]
        return lacking + [
            fault
            for name, each in schema.get("properties", {}).items()
            if name in value
            for fault in faults(document, each, value[name], f"{where}.{name}")
        ]
    if isinstance(value, list) and "items" in schema:
        return [
            fault
            for place, each in enumerate(value)
            for fault in faults(document, schema["items"], each, f"{where}[{place}]")
        ]
    return []

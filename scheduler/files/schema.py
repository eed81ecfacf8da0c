"""JSON Schemas of the files that people type, for the `#:schema` line that editors understand."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from scheduler.days.day import Calendar, Day
from scheduler.files.calendars import DayChange
from scheduler.files.config import ConfigFile
from scheduler.matching.topics import TopicsFile

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def config_schema(kinds: Mapping[str, type[BaseModel]]) -> str:
    """The schema of config.toml, with the settings of each kind of channel."""
    defs = _definitions(ConfigFile, *kinds.values())
    root = defs.pop(ConfigFile.__name__)
    root["properties"]["channel"]["items"] = {
        "oneOf": [
            {"$ref": f"#/$defs/{model.__name__}", "properties": {"kind": {"const": kind}}}
            for kind, model in sorted(kinds.items())
        ]
    }
    return _text("config.toml", root, defs)


def calendar_schema() -> str:
    """The schema of a calendar file: whole days, and changes to shipped ones."""
    defs = _definitions(Calendar, Day, DayChange)
    day = defs["Day"]
    del day["properties"]["calendar"]  # the file's own id, never typed
    for name in ("followed", "muted"):
        day["properties"][name] = defs["DayChange"]["properties"][name]
    root = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "calendar": {"$ref": "#/$defs/Calendar"},
            "day": {
                "type": "array",
                "items": {"anyOf": [{"$ref": "#/$defs/Day"}, {"$ref": "#/$defs/DayChange"}]},
            },
        },
    }
    return _text("A calendar", root, defs)


def topics_schema() -> str:
    """The schema of calendars/topics.toml."""
    defs = _definitions(TopicsFile)
    return _text("The topics", defs.pop(TopicsFile.__name__), defs)


def _definitions(*models: type[BaseModel]) -> dict[str, Any]:
    _, schema = models_json_schema([(model, "validation") for model in models])
    definitions: dict[str, Any] = schema["$defs"]
    return definitions


def _text(title: str, root: dict[str, Any], defs: dict[str, Any]) -> str:
    schema = {"$schema": _DRAFT, **root, "title": title}
    if defs:
        schema["$defs"] = defs
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"

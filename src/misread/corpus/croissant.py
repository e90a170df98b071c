"""A description of a corpus for machines: MLCommons Croissant 1.0 (JSON-LD), with the hash of every file."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}

_FIELDS = {
    "clips": {
        "clip_id": "id of the clip",
        "caption": "what the posting account wrote",
        "group_id": "the event; never split between training and test",
        "label": "what really happened: conflict or friendly",
        "first_impression": "how the crowd took it: conflict or friendly",
    },
    "statements": {
        "statement_id": "id of the statement",
        "kind": "kind of evidence",
        "text": "the statement",
        "about": "what the clip seems to show",
        "stance": "the reading that it supports: conflict, friendly or neutral",
    },
    "behaviour": {
        "case_id": "id of the case",
        "kind": "minimum, invariance or direction",
        "capability": "what is tested",
        "expect": "what a reader should say",
    },
}
_FOLDERS = {"clips": "corpus", "statements": "statements", "behaviour": "behaviour"}


def describe(folder: Path, version: str) -> dict[str, Any]:
    """The description of ``data/``.

    Parameters
    ----------
    folder
        With the folders ``corpus``, ``statements`` and ``behaviour``; one that is missing is left out.
    version
        Of the data, ``major.minor.patch``.

    Examples
    --------
    >>> import tempfile
    >>> describe(Path(tempfile.mkdtemp()), "1.0.0")["distribution"]
    []
    """
    distribution: list[dict[str, Any]] = []
    sets: list[dict[str, Any]] = []
    for name, inside in _FOLDERS.items():
        files = sorted((folder / inside).glob("*.jsonl"))
        distribution += [_file(file, inside) for file in files]
        sets += [_records(name, file) for file in files]
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": "misread-corpus",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "description": "Invented viral clips with captions, comments and evidence: conflict or friendly, how the crowd took it, and "
        "which evidence decides; single statements of evidence; behaviour cases.",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "url": "https://example.org/misread",
        "citeAs": "The misread founders (2026). The misread corpus.",
        "datePublished": "2026-11-24",
        "version": version,
        "distribution": distribution,
        "recordSet": sets,
    }


def _file(path: Path, inside: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": path.stem,
        "name": path.stem,
        "contentUrl": f"{inside}/{path.name}",
        "encodingFormat": "application/jsonlines",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


def _records(name: str, path: Path) -> dict[str, Any]:
    fields = [
        {
            "@type": "cr:Field",
            "@id": f"records-{path.stem}/{field}",
            "name": field,
            "description": meaning,
            "dataType": "sc:Text",
            "source": {"fileObject": {"@id": path.stem}, "extract": {"column": field}},
        }
        for field, meaning in _FIELDS[name].items()
    ]
    return {"@type": "cr:RecordSet", "@id": f"records-{path.stem}", "name": f"records-{path.stem}", "field": fields}

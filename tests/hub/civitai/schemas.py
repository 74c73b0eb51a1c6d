"""
Civitai's answers as JSON schemas, for ours to be held against.

Written from what Civitai's source returns and its clients parse; keys of our own beside them are
allowed, as they are there.
"""

from __future__ import annotations

from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

INT = {"type": "integer"}
ID = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
COUNT = {"type": "integer", "minimum": 0}
TEXT = {"type": "string"}
BOOL = {"type": "boolean"}
NUMBER = {"type": "number"}
WHEN = {"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d\d-\d\dT.*Z$"}
URL = {"type": "string", "pattern": "^https?://"}
TEXTS = {"type": "array", "items": TEXT}
LEVEL = {"enum": [1, 2, 4, 8, 16, 32]}
AVAILABILITY = {"enum": ["Public", "Unsearchable", "Private", "EarlyAccess"]}
ADAPTER_TYPE = {"enum": ["LORA", "LoCon", "DoRA"]}
SCAN = {"enum": ["Pending", "Success", "Danger", "Error"]}
PAID = {"type": ["object", "null"], "required": ["permanent", "endsAt"]}


def maybe(schema):
    return {"anyOf": [schema, {"type": "null"}]}


def record(required, **optional):
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **optional},
    }


def rows(schema, **bounds):
    return {"type": "array", "items": schema, **bounds}


HEX = {
    "AutoV1": "^[0-9A-F]{8}$",
    "AutoV2": "^[0-9A-F]{10}$",
    "AutoV3": "^[0-9A-F]{12}$",
    "SHA256": "^[0-9A-F]{64}$",
    "CRC32": "^[0-9A-F]{8}$",
    "BLAKE3": "^[0-9A-F]{64}$",
}
HASHES = {
    "type": "object",
    "required": ["SHA256", "AutoV2"],
    "additionalProperties": False,
    "properties": {name: {"type": "string", "pattern": form} for name, form in HEX.items()},
}
FORMAT = {"enum": ["SafeTensor", "PickleTensor", "GGUF", "Diffusers", "Core ML", "ONNX", "Other"]}
FILE = record(
    {
        "id": ID,
        "sizeKB": NUMBER,
        "name": {"type": "string", "pattern": r"\.(safetensors|gguf|json)$"},
        "overrideName": maybe(TEXT),
        "type": {"enum": ["Model", "Config"]},
        "pickleScanResult": SCAN,
        "pickleScanMessage": maybe(TEXT),
        "virusScanResult": SCAN,
        "virusScanMessage": maybe(TEXT),
        "scannedAt": maybe(WHEN),
        "metadata": record(
            {"format": FORMAT},
            size={"enum": ["full", "pruned"]},
            fp={"enum": ["fp32", "fp16", "bf16", "fp8", "int8", "nf4", "int4"]},
        ),
        "hashes": HASHES,
        "downloadUrl": URL,
    },
    primary=BOOL,
)
ONE_PRIMARY = {
    "contains": {"properties": {"primary": {"const": True}}, "required": ["primary"]},
    "minContains": 1,
    "maxContains": 1,
}
FILES = rows(FILE, **ONE_PRIMARY)

LOOKS = {
    "url": URL,
    "nsfwLevel": LEVEL,
    "width": INT,
    "height": INT,
    "hash": {"type": "string", "minLength": 6},
    "type": {"enum": ["image", "video", "audio"]},
    "onSite": BOOL,
    "hasMeta": BOOL,
    "hasPositivePrompt": BOOL,
    "remixOfId": maybe(INT),
    "poi": BOOL,
    "minor": BOOL,
}
META = record(
    {
        "prompt": TEXT,
        "seed": INT,
        "Size": {"type": "string", "pattern": r"^\d+x\d+$"},
        "resources": rows(record({"name": TEXT, "type": TEXT, "hash": TEXT, "weight": NUMBER})),
        "civitaiResources": rows(record({"type": TEXT, "weight": NUMBER, "modelVersionId": ID})),
        "hashes": {"type": "object"},
    }
)
LIST_IMAGE = record({"id": ID, **LOOKS}, availability=AVAILABILITY)
MODEL_IMAGE = {**record(LOOKS, availability=AVAILABILITY), "not": {"required": ["id"]}}
VERSION_IMAGE = {
    **record({**LOOKS, "metadata": {"type": "object"}, "meta": maybe(META)}),
    "not": {"required": ["id"]},
}

VERSION_STATS = record({"downloadCount": COUNT, "thumbsUpCount": COUNT, "thumbsDownCount": COUNT})
LIST_VERSION = record(
    {
        "id": ID,
        "index": COUNT,
        "name": TEXT,
        "description": maybe(TEXT),
        "baseModel": TEXT,
        "baseModelType": maybe({"enum": ["Standard", "Inpainting", "Refiner", "Pix2Pix"]}),
        "publishedAt": WHEN,
        "availability": AVAILABILITY,
        "nsfwLevel": LEVEL,
        "flags": INT,
        "trainedWords": TEXTS,
        "vaeId": maybe(INT),
        "supportsGeneration": BOOL,
        "paidAccess": PAID,
        "stats": VERSION_STATS,
        "files": FILES,
        "images": rows(LIST_IMAGE),
    },
    downloadUrl=URL,
)
LIST_VERSION["not"] = {"anyOf": [{"required": ["createdAt"]}, {"required": ["status"]}]}
MODEL_VERSION = record(
    {
        "id": ID,
        "index": COUNT,
        "name": TEXT,
        "baseModel": TEXT,
        "createdAt": WHEN,
        "publishedAt": WHEN,
        "status": {"const": "Published"},
        "availability": AVAILABILITY,
        "nsfwLevel": LEVEL,
        "trainedWords": TEXTS,
        "covered": BOOL,
        "stats": VERSION_STATS,
        "files": FILES,
        "images": rows(MODEL_IMAGE),
    },
    downloadUrl=URL,
)
MODEL_VERSION["not"] = {"required": ["supportsGeneration"]}

COMMERCIAL = {"enum": ["None", "Image", "RentCivit", "Rent", "Sell"]}


def model(version):
    return record(
        {
            "id": ID,
            "name": TEXT,
            "description": maybe(TEXT),
            "type": ADAPTER_TYPE,
            "nsfw": BOOL,
            "nsfwLevel": LEVEL,
            "poi": BOOL,
            "minor": BOOL,
            "sfwOnly": BOOL,
            "availability": AVAILABILITY,
            "allowNoCredit": BOOL,
            "allowCommercialUse": rows(COMMERCIAL, minItems=1),
            "allowDerivatives": BOOL,
            "allowDifferentLicense": BOOL,
            "supportsGeneration": BOOL,
            "userId": ID,
            "cosmetic": {"type": ["object", "null"]},
            "baseModels": TEXTS,
            "stats": record(
                dict.fromkeys(
                    ("downloadCount", "thumbsUpCount", "thumbsDownCount", "commentCount"), COUNT
                ),
                tippedAmountCount=maybe(COUNT),
            ),
            "tags": TEXTS,
            "modelVersions": rows(version, minItems=1),
        },
        creator=record({"username": maybe(TEXT), "image": maybe(URL)}),
    )


MODEL = model(MODEL_VERSION)
KEYED = record(
    {}, nextCursor=TEXT, nextPage=URL, currentPage={"type": "integer", "minimum": 1}, pageSize=COUNT
)
MODELS = record({"items": rows(model(LIST_VERSION)), "metadata": KEYED})
VERSION = record(
    {
        "id": ID,
        "modelId": ID,
        "name": TEXT,
        "description": maybe(TEXT),
        "baseModel": TEXT,
        "baseModelType": maybe(TEXT),
        "air": {"type": "string", "pattern": r"^urn:air:[^:]+:(lora|locon|dora):[^:]+:\d+@\d+$"},
        "nsfwLevel": LEVEL,
        "status": {"const": "Published"},
        "createdAt": WHEN,
        "updatedAt": WHEN,
        "publishedAt": WHEN,
        "earlyAccessEndsAt": {"type": "null"},
        "trainedWords": TEXTS,
        "trainingStatus": maybe(TEXT),
        "trainingDetails": {"type": ["object", "null"]},
        "uploadType": {"enum": ["Created", "Trained"]},
        "usageControl": {
            "enum": ["Download", "Generation", "InternalGeneration", "ExternalGeneration"]
        },
        "licensingFee": maybe(NUMBER),
        "paidAccess": PAID,
        "stats": record({"downloadCount": maybe(COUNT), "thumbsUpCount": COUNT}),
        "model": record({"name": TEXT, "type": ADAPTER_TYPE, "nsfw": BOOL, "poi": BOOL}),
        "files": rows({**FILE, "required": [*FILE["required"], "primary"]}, **ONE_PRIMARY),
        "images": rows(VERSION_IMAGE, maxItems=10),
    },
    downloadUrl=URL,
)
VERSIONS = rows(VERSION)
IDS = rows(record({"modelVersionId": ID, "modelId": ID, "hash": {"pattern": "^[0-9A-F]{64}$"}}))
MINI = record(
    {
        "air": TEXT,
        "versionName": TEXT,
        "modelName": TEXT,
        "userId": ID,
        "baseModel": TEXT,
        "availability": AVAILABILITY,
        "publishedAt": WHEN,
        "size": NUMBER,
        "fileType": TEXT,
        "fileName": TEXT,
        "hashes": HASHES,
        "downloadUrls": rows(URL, minItems=1),
        "format": FORMAT,
        "canGenerate": BOOL,
        "isFeatured": BOOL,
        "requireAuth": BOOL,
        "checkPermission": BOOL,
        "additionalResourceCharge": BOOL,
        "minor": BOOL,
        "sfwOnly": BOOL,
        "fees": rows({"type": "object"}),
        "payoutEnabled": BOOL,
    }
)
IMAGE = record(
    {
        "id": ID,
        "url": URL,
        "hash": TEXT,
        "width": INT,
        "height": INT,
        "nsfwLevel": {"enum": ["None", "Soft", "Mature", "X"]},
        "type": {"enum": ["image", "video", "audio"]},
        "nsfw": BOOL,
        "browsingLevel": LEVEL,
        "createdAt": WHEN,
        "postId": ID,
        "stats": record(
            dict.fromkeys(
                (
                    "cryCount",
                    "laughCount",
                    "likeCount",
                    "dislikeCount",
                    "heartCount",
                    "commentCount",
                ),
                COUNT,
            )
        ),
        "meta": {"anyOf": [{"type": "null"}, META, record({"id": ID, "meta": META})]},
        "username": TEXT,
        "baseModel": maybe(TEXT),
        "modelVersionIds": rows(ID),
    },
    tags=rows(record({"id": ID, "name": TEXT})),
)
IMAGES = record({"items": rows(IMAGE), "metadata": KEYED})
NUMBERED = record(
    dict.fromkeys(("totalItems", "currentPage", "pageSize", "totalPages"), COUNT),
    nextPage=URL,
    prevPage=URL,
)
TAGS = record({"items": rows(record({"name": TEXT, "link": URL})), "metadata": NUMBERED})
CREATORS = record(
    {
        "items": rows(record({"username": TEXT, "link": URL}, modelCount=COUNT, image=URL)),
        "metadata": NUMBERED,
    }
)
ENUMS = record(
    dict.fromkeys(
        ("ModelType", "ModelFileType", "ActiveBaseModel", "BaseModel", "BaseModelType"),
        rows(TEXT, minItems=1, uniqueItems=True),
    )
)
ME = record(
    {
        "id": ID,
        "username": TEXT,
        "tier": TEXT,
        "status": TEXT,
        "isMember": BOOL,
        "subscriptions": TEXTS,
    },
    email=TEXT,
)
ERROR = record({"error": {"type": ["string", "object"]}})


def conforms(body, schema):
    """Say what is wrong with an answer, a line each; "" if nothing is."""
    assert validator_for({**schema, "$schema": Draft202012Validator.META_SCHEMA["$id"]})
    Draft202012Validator.check_schema(schema)
    found = Draft202012Validator(schema).iter_errors(body)
    return "\n".join(f"{error.json_path}: {error.message[:200]}" for error in found)

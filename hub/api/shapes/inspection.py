"""What a file's first bytes tell."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from hub.api.shapes.reports import CheckResult


class Beginning(serializers.Serializer[Any]):
    """The beginning of a file: its header's JSON as it stands, or the first bytes as base64."""

    name = serializers.CharField(max_length=400, trim_whitespace=False)
    size = serializers.IntegerField(min_value=0, help_text="Of the whole file, in bytes.")
    header = serializers.CharField(
        allow_blank=True,
        trim_whitespace=False,
        help_text="The header's JSON text; or base64 of the first bytes, the header included.",
    )
    base = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    config = serializers.DictField(
        child=serializers.JSONField(allow_null=True),
        required=False,
        allow_null=True,
        default=None,
        help_text="adapter_config.json, where there is one.",
    )
    sha256 = serializers.CharField(max_length=64, required=False, default="", allow_blank=True)


class FileProblem(serializers.Serializer[Any]):
    code = serializers.CharField()
    verdict = serializers.ChoiceField(["warned", "refused"])
    sentence = serializers.CharField()


class FamilyCandidate(serializers.Serializer[Any]):
    family = serializers.CharField()
    family_title = serializers.CharField()
    tensor = serializers.CharField()
    reason = serializers.CharField()


class BaseCandidate(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    reason = serializers.CharField()
    source = serializers.CharField(  # type: ignore[assignment]  # a field of this name too
        help_text="layers, or the key of the metadata that names it."
    )
    whole = serializers.BooleanField(help_text="Every layer of the file is in it.")


class Mismatch(serializers.Serializer[Any]):
    layer = serializers.CharField()
    in_file = serializers.ListField(child=serializers.IntegerField(allow_null=True))
    in_base = serializers.ListField(child=serializers.IntegerField())


class FitOfComponent(serializers.Serializer[Any]):
    applied = serializers.IntegerField()
    in_file = serializers.IntegerField()
    in_base = serializers.IntegerField()
    unknown = serializers.ListField(child=serializers.CharField())
    mismatched = Mismatch(many=True)


class Layers(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    layers = serializers.ListField(child=serializers.CharField())


class FitOnBase(serializers.Serializer[Any]):
    base = serializers.CharField()
    applied = serializers.IntegerField()
    total = serializers.IntegerField()
    unknown = serializers.IntegerField()
    mismatched = serializers.IntegerField()
    halves = Layers(help_text="With only a part of what makes a pair.")
    torn = Layers(help_text="Whose halves disagree on the rank.")
    text_encoder = serializers.BooleanField()
    components = serializers.DictField(child=FitOfComponent())


class Inspected(serializers.Serializer[Any]):
    """
    What a file is and what is wrong with it: the JSON of `manage.py inspect`, and more. Titles and
    sentences are in the language that Accept-Language asks for, English or Simplified Chinese.
    """

    version = serializers.IntegerField(help_text="Of this form of JSON.")
    name = serializers.CharField()
    size = serializers.IntegerField()
    files = serializers.ListField(child=serializers.CharField())
    verdict = serializers.ChoiceField(["accepted", "warned", "refused"])
    problems = FileProblem(many=True)
    modality = serializers.CharField(allow_null=True)
    family = serializers.CharField()
    family_title = serializers.CharField(help_text="As people call it, in your language.")
    variant = serializers.CharField(allow_blank=True)
    decided_by = serializers.CharField(allow_null=True, help_text="The tensor that decided.")
    reason = serializers.CharField(allow_blank=True)
    undecided = serializers.CharField(allow_blank=True, help_text="What shapes alone cannot tell.")
    families = FamilyCandidate(many=True)
    bases = BaseCandidate(many=True)
    base = serializers.CharField(allow_null=True, help_text="What it was judged on.")
    base_title = serializers.CharField(allow_null=True)
    declared = serializers.BooleanField(help_text="Whether that base was named in the request.")
    dialect = serializers.CharField(allow_null=True)
    dialect_title = serializers.CharField(
        allow_null=True, help_text="Whose names its tensors have, in your language."
    )
    algorithm = serializers.CharField(allow_null=True)
    algorithms = serializers.ListField(child=serializers.CharField())
    method = serializers.CharField(
        allow_null=True,
        help_text="The algorithm as configuration or metadata call it: rslora, dylora.",
    )
    rank = serializers.IntegerField(allow_null=True, help_text="Of most layers.")
    ranks = serializers.ListField(child=serializers.IntegerField(), allow_null=True)
    pairs = serializers.IntegerField()
    components = serializers.DictField(child=serializers.IntegerField())
    dtypes = serializers.ListField(child=serializers.CharField())
    leftovers = serializers.ListField(child=serializers.CharField())
    embeddings = serializers.ListField(child=serializers.JSONField())
    saved = serializers.ListField(child=serializers.CharField())
    shared = serializers.ListField(child=serializers.CharField())
    rank_stabilised = serializers.BooleanField(allow_null=True)
    fit = FitOnBase(allow_null=True)
    training = serializers.DictField(child=serializers.JSONField())
    trigger_candidates = serializers.ListField(child=serializers.CharField())
    content = serializers.DictField(allow_null=True, help_text="Null: only the header was seen.")
    hashes = serializers.DictField(child=serializers.CharField(allow_null=True), allow_null=True)
    tensor_digest = serializers.CharField(allow_null=True)
    suggested_base = serializers.CharField(allow_blank=True)
    results = CheckResult(many=True)
    known = serializers.BooleanField(help_text="The hub has these bytes; none need be sent.")

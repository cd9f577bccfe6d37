#!/usr/bin/python3
"""validate.py SCHEMA DOCUMENT: JSON Schema validation by the jsonschema package; JSON Lines too."""
import json
import sys

import jsonschema

schema = json.load(open(sys.argv[1]))
text = open(sys.argv[2]).read()
validator = jsonschema.validators.validator_for(schema)
validator.check_schema(schema)
try:
    documents = [json.loads(text)]
except json.JSONDecodeError:
    documents = [json.loads(line) for line in text.splitlines()]
for document in documents:
    validator(schema).validate(document)

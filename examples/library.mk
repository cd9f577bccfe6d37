# A whole library of songs, each analysed and sliced once, on all processors:
#
#   make -f examples/library.mk -j4 MUSIC=~/Music OUT=~/sfa
#
# Interrupt it whenever you like: what is there is whole, and the next run goes on.
MUSIC ?= .
OUT   ?= sfa-library

songs    := $(shell find $(MUSIC) -name '*.flac' -o -name '*.mp3' -o -name '*.ogg' -o -name '*.wav')
analyses := $(patsubst $(MUSIC)/%,$(OUT)/%.analysis.json,$(songs))
banks    := $(patsubst $(MUSIC)/%,$(OUT)/%.bank.json,$(songs))

all: $(analyses) $(banks)

$(OUT)/%.analysis.json: $(MUSIC)/%
	@mkdir -p $(@D)
	sfa-analyze $< -o $@

$(OUT)/%.bank.json: $(MUSIC)/% $(OUT)/%.analysis.json
	sfa-slice $< --analysis $(OUT)/$*.analysis.json -o $@

.PHONY: all

// The document sfa.events: see sfa-events(5) and lib/io/schemas/sfa.events.schema.json.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "sfa/rules/event.hpp"
#include "sfa/slicing/bank.hpp"

namespace sfa::io {

/// The events and, where the document holds it inline, the bank that their slices belong to. Without
/// it `events.bank` is the path of the bank's document, or empty where the document names none. A voice
/// in `events.voices` that has a bank of its own plays from that one.
struct EventsDocument {
  rules::Events events;
  std::optional<slicing::Bank> bank;
};

/// One JSON object: on one line with `compact`, else indented by two spaces with a final newline.
/// `recipe` goes into "made_by".
[[nodiscard]] std::string to_json(const EventsDocument& document, const std::string& recipe = {}, bool compact = false);

/// The same as JSON Lines, for patterns without an end: the document without its events in the first
/// line, with "stream": true, and then each event in one of its own.
[[nodiscard]] std::string stream_head(const EventsDocument& document);
[[nodiscard]] std::string stream_line(const rules::Event& event);

/// An event out of such a line. Throws as events_from_json.
[[nodiscard]] rules::Event event_from_line(std::string_view line, double bpm);

/// A document or a whole stream. Throws Error::invalid_data that names the member and what was expected of it ("events[3].time:
/// must be a number from 0 to 1000000"). Unknown members are passed over; a version above ours is
/// Error::unsupported. Relative paths are kept as they are: see io::path_from. Whether the bank has
/// the slices is for the user of both to check.
[[nodiscard]] EventsDocument events_from_json(std::string_view text);

}  // namespace sfa::io

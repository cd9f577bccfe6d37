#include "sfa/training/curves.hpp"

#include <doctest/doctest.h>

#include <string>

#include "sfa/audio/error.hpp"

using namespace sfa;
using namespace sfa::training;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TrainingLog log_of(int reports) {
  TrainingLog log;
  for (int i = 1; i <= reports; ++i) {
    log.learnt.push_back({i * 50, -0.1 * i, 1.0, 1e-3, 40.0, 0.0});
    log.judged.push_back({i * 50, {{"drums", 0.01 * i}, {"<vocals>", 0.5}, {"mean", 0.3}}});
  }
  return log;
}

}  // namespace

TEST_CASE("each series is a curve, each kind a panel") {
  const auto svg = curves_svg(log_of(60), "a run", "sfa-train 1");
  CHECK(count(svg, "<polyline") == 5);  // loss, rate, two stems, their mean
  CHECK(svg.starts_with("<?xml"));
  CHECK(svg.ends_with("</svg>\n"));
  CHECK(svg.find("<metadata>sfa-train 1</metadata>") != std::string::npos);
  CHECK(svg.find("drums 0.6<") != std::string::npos);  // the last value
  auto only_loss = log_of(3);
  only_loss.judged.clear();
  CHECK(count(curves_svg(only_loss, "a run"), "<polyline") == 2);
  CHECK(count(curves_svg(only_loss, "a run"), "<circle") == 6);
}

TEST_CASE("of steps that were made twice the last counts") {
  auto log = log_of(3);
  log.learnt.push_back({100, -9.0, 1.0, 1e-3, 40.0, 0.0});
  log.judged.clear();
  CHECK(count(curves_svg(log, "a run"), "<circle") == 4);
}

TEST_CASE("axes are round numbers around the curve") {
  const auto svg = curves_svg(log_of(60), "a run");
  for (const char* tick : {">0<", ">500<", ">3000<", ">-6<", ">-1<"}) {
    CAPTURE(tick);
    CHECK(svg.find(tick) != std::string::npos);
  }
  CHECK(svg.find(">-7<") == std::string::npos);
}

TEST_CASE("names that XML would take for its own are written out") {
  const auto svg = curves_svg(log_of(2), "<&>");
  CHECK(svg.find("&lt;&amp;&gt;") != std::string::npos);
  CHECK(svg.find("&lt;vocals&gt;") != std::string::npos);
  CHECK(curves_svg(log_of(2), "\xff\n").find("??") != std::string::npos);
  CHECK(curves_svg(log_of(2), "\u00e9").find("\u00e9") != std::string::npos);
}

TEST_CASE("one report, equal ones and absurd ones are drawn") {
  (void)curves_svg(log_of(1), "");
  TrainingLog log;
  for (const double loss : {1e308, -1e308, 0.0, 5e-324}) log.learnt.push_back({std::int64_t{1} << 62, loss, 0.0, 1e-300, 0.0, 0.0});
  CHECK(curves_svg(log, "").size() < 100000);
  log.learnt.assign(3, {0, -2.0, 0.0, 0.0, 0.0, 0.0});
  const auto svg = curves_svg(log, "");
  CHECK(svg.find("nan") == std::string::npos);
  CHECK(svg.find("inf") == std::string::npos);
}

TEST_CASE("an empty log has nothing to draw") { CHECK_THROWS_AS((void)curves_svg({}, ""), Error); }

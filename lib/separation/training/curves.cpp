#include "sfa/training/curves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <string_view>
#include <vector>

#include "checkpoint/utf8.hpp"
#include "sfa/audio/error.hpp"

namespace sfa::training {
namespace {

// In pixels.
constexpr double width = 860, left = 76, right = 136, top = 56, panel_height = 190, gap = 52, bottom = 44;
constexpr std::size_t most_marked = 24;  // values of a curve that are marked by dots

// Okabe and Ito, "Color Universal Design", 2008: told apart by people who see colours otherwise, too.
constexpr std::array colours{"#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"};
constexpr auto black = "#222222";

struct Curve {
  std::string name, colour;
  bool dashed = false;
  std::vector<std::pair<double, double>> points;  // step and value
};

struct Panel {
  std::string title;
  std::vector<Curve> curves;
  bool legend = false, from_zero = false;
};

/// An axis from one round number to another, with round numbers between.
struct Axis {
  double low, high, step;
  int decimals;

  [[nodiscard]] double share(double value) const { return (value - low) / (high - low); }
  [[nodiscard]] int ticks() const { return static_cast<int>(std::lround((high - low) / step)); }
  [[nodiscard]] double tick(int index) const { return low + index * step; }
  [[nodiscard]] std::string text(int index) const {
    const double value = tick(index);
    return fmt::format("{:.{}f}", std::abs(value) < 1e-9 * step ? 0.0 : value, decimals);
  }
};

Axis axis_over(double low, double high, int most_ticks) {
  if (high - low <= 1e-9 * std::max(std::abs(low), std::abs(high))) {  // a single value lies in the middle
    const double around = low == 0.0 ? 1.0 : 0.1 * std::abs(low);
    low -= around;
    high += around;
  }
  const double rough = (high - low) / most_ticks;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  const double lead = rough / power;
  const double step = power * (lead <= 1.0 ? 1.0 : lead <= 2.0 ? 2.0 : lead <= 5.0 ? 5.0 : 10.0);
  const int decimals = std::clamp(static_cast<int>(-std::floor(std::log10(step) + 1e-9)), 0, 12);
  return {std::floor(low / step + 1e-9) * step, std::ceil(high / step - 1e-9) * step, step, decimals};
}

std::string escaped(std::string_view text) {
  const bool readable = separation::is_utf8(text);  // a folder's name may be anything
  std::string out;
  for (const char c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (static_cast<unsigned char>(c) < ' ' || (!readable && static_cast<unsigned char>(c) > '~')) out += '?';
    else out += c;
  }
  return out;
}

/// What a log that somebody edited holds, too.
double drawable(double value) { return std::clamp(value, -1e12, 1e12); }

/// Of a step that was made again after a resume, the last value counts.
void add(Curve& curve, std::int64_t step, double value) {
  const auto at = static_cast<double>(step);
  while (!curve.points.empty() && curve.points.back().first >= at) curve.points.pop_back();
  curve.points.emplace_back(at, drawable(value));
}

std::vector<Panel> panels_of(const TrainingLog& log) {
  Panel loss{"loss, dB", {{"loss", black, false, {}}}}, rate{"learning rate", {{"learning rate", black, false, {}}}, false, true};
  for (const auto& report : log.learnt) {
    add(loss.curves[0], report.step, report.loss_db);
    add(rate.curves[0], report.step, report.learning_rate);
  }
  Panel scores{"nSDR of the validation songs, dB", {}, true};
  for (const auto& report : log.judged)
    for (const auto& [name, value] : report.nsdr_db) {
      auto curve = std::ranges::find(scores.curves, name, &Curve::name);
      if (curve == scores.curves.end()) {
        const bool mean = name == "mean";
        const auto colour = mean ? black : colours[scores.curves.size() % colours.size()];
        curve = scores.curves.insert(curve, {name, colour, mean, {}});
      }
      add(*curve, report.step, value);
    }
  std::vector<Panel> panels;
  for (auto* panel : {&loss, &scores, &rate})
    if (!panel->curves.empty() && !panel->curves.front().points.empty()) panels.push_back(std::move(*panel));
  return panels;
}

class Drawing {
 public:
  Drawing(const std::vector<Panel>& panels, const std::string& title, const std::string& made_by)
      : height_(top + static_cast<double>(panels.size()) * (panel_height + gap) - gap + bottom) {
    put(R"(<?xml version="1.0" encoding="UTF-8"?>)" "\n"
        R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}" )"
        R"(font-family="sans-serif" font-size="12" fill="#222222">)" "\n", width, height_);
    if (!made_by.empty()) put("<metadata>{}</metadata>\n", escaped(made_by));
    put(R"(<rect width="100%" height="100%" fill="white"/>)" "\n");
    put(R"(<text x="{}" y="24" font-size="16">{}</text>)" "\n", left, escaped(title));
    double last = 0.0;
    for (const auto& panel : panels)
      for (const auto& curve : panel.curves) last = std::max(last, curve.points.back().first);
    steps_ = axis_over(0.0, std::max(last, 1.0), 8);
    double y = top;
    for (const auto& panel : panels) {
      draw(panel, y, &panel == &panels.back());
      y += panel_height + gap;
    }
    put("</svg>\n");
  }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  template <typename... Values>
  void put(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Values>(values)...);
  }
  [[nodiscard]] double x_of(double step) const { return left + steps_.share(step) * (width - left - right); }

  void draw(const Panel& panel, double y, bool last) {
    double low = panel.from_zero ? 0.0 : panel.curves.front().points.front().second, high = low;
    for (const auto& curve : panel.curves)
      for (const auto& [step, value] : curve.points) {
        low = std::min(low, value);
        high = std::max(high, value);
      }
    const auto values = axis_over(low, high, 6);
    const auto y_of = [&](double value) { return y + (1.0 - values.share(value)) * panel_height; };
    put(R"(<text x="{}" y="{}" font-size="13">{}</text>)" "\n", left, y - 9, escaped(panel.title));
    for (int i = 0; i <= values.ticks(); ++i) {
      put(R"(<path d="M{} {:.1f}H{}" stroke="#dddddd"/>)", left, y_of(values.tick(i)), width - right);
      put(R"(<text x="{}" y="{:.1f}" text-anchor="end">{}</text>)" "\n", left - 8, y_of(values.tick(i)) + 4, values.text(i));
    }
    for (int i = 0; i <= steps_.ticks(); ++i) {
      put(R"(<path d="M{:.1f} {}V{}" stroke="#dddddd"/>)", x_of(steps_.tick(i)), y, y + panel_height);
      put(R"(<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>)" "\n", x_of(steps_.tick(i)), y + panel_height + 17,
          steps_.text(i));
    }
    if (last) put(R"(<text x="{}" y="{}">steps</text>)" "\n", width - right + 30, y + panel_height + 17);
    for (std::size_t i = 0; i < panel.curves.size(); ++i) {
      draw(panel.curves[i], y_of);
      if (panel.legend) name(panel.curves[i], y + 10 + 20 * static_cast<double>(i));
    }
  }

  template <typename YOf>
  void draw(const Curve& curve, YOf y_of) {
    put(R"(<polyline fill="none" stroke="{}" stroke-width="1.6" stroke-linejoin="round"{} points=")", curve.colour, dashes(curve));
    for (const auto& [step, value] : curve.points) put("{:.1f},{:.1f} ", x_of(step), y_of(value));
    put("\"/>\n");
    if (curve.points.size() > most_marked) return;
    for (const auto& [step, value] : curve.points)
      put(R"(<circle cx="{:.1f}" cy="{:.1f}" r="2.4" fill="{}"/>)" "\n", x_of(step), y_of(value), curve.colour);
  }

  /// In the legend, with the last value.
  void name(const Curve& curve, double y) {
    const double x = width - right + 14;
    put(R"(<path d="M{} {}h20" stroke="{}" stroke-width="2.2"{}/>)", x, y, curve.colour, dashes(curve));
    put(R"(<text x="{}" y="{}">{} {:.1f}</text>)" "\n", x + 26, y + 4, escaped(curve.name), curve.points.back().second);
  }

  static const char* dashes(const Curve& curve) { return curve.dashed ? R"( stroke-dasharray="6 4")" : ""; }

  double height_;
  Axis steps_{};
  std::string text_;
};

}  // namespace

std::string curves_svg(const TrainingLog& log, const std::string& title, const std::string& made_by) {
  const auto panels = panels_of(log);
  if (panels.empty()) throw Error(Error::Kind::invalid_data, "has nothing to draw yet");
  return Drawing(panels, title, made_by).text();
}

}  // namespace sfa::training

#include "sfa/slicing/bank.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sfa::slicing;

TEST_CASE("every class has a name of its own that leads back to it") {
  CHECK(slice_classes().size() == 14);
  for (const auto kind : slice_classes()) CHECK(slice_class(name(kind)) == kind);
  CHECK(std::string(name(SliceClass::kick)) == "kick");
  CHECK(std::string(name(SliceClass::silence)) == "silence");
  CHECK_FALSE(slice_class("Kick"));
  CHECK_FALSE(slice_class(""));
}

TEST_CASE("both hats are of one group, all others of their own") {
  CHECK(group(SliceClass::closed_hat) == SliceClass::hat);
  CHECK(group(SliceClass::open_hat) == SliceClass::hat);
  CHECK(group(SliceClass::hat) == SliceClass::hat);
  CHECK(group(SliceClass::cymbal) == SliceClass::cymbal);
}

TEST_CASE("a slice is found by its id also in a bank with gaps") {
  Bank bank;
  for (const int id : {1, 4, 9}) bank.slices.emplace_back().id = id;
  CHECK(find(bank, 4) == &bank.slices[1]);
  CHECK(find(bank, 9) == &bank.slices[2]);
  CHECK(find(bank, 0) == nullptr);
  CHECK(find(bank, 5) == nullptr);
  CHECK(find(bank, 10) == nullptr);
  CHECK(find(Bank{}, 0) == nullptr);
}

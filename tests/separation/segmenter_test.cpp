#include "sfa/separation/segmenter.hpp"

#include <doctest/doctest.h>

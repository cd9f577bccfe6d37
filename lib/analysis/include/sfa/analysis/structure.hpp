// Where a song's parts begin, which of them are the same, and what part each plays.
//
// Boundaries: convolutive block matching. The song is cut at bars so that the bars inside a section are as
// alike as can be among their neighbours, and sections of 8 bars, or 4, 12 and 16, or at least an even number
// are preferred; the best cut of all is found by dynamic programming. Marmoret, Cohen and Bimbot,
// "Convolutive Block-Matching Segmentation Algorithm with Application to Music Structure Analysis", 2022,
// equations 3 to 7. To a section's score is added what else speaks for a boundary at its begin: that repetitions
// of pitches and timbre begin or end there, and that the energy changes (see boundary_evidence.hpp). Bars more
// than 128 apart are not compared for that, so that long songs cost no more by the minute.
//
// How likely a boundary lies at a bar is the share of all cuts that have it, each weighed by the exponential
// of its score (the forward-backward algorithm): that is a boundary's confidence.
//
// Labels: bars are the nodes of a graph that ties each to its nearest neighbours by sound, and to the bars before
// and after it; sections whose bars lie together in the lowest eigenvectors of its Laplacian get the same letter.
// McFee and Ellis, "Analyzing song structure with spectral clustering", ISMIR 2014; joined with how alike the
// sections' bars are, played one upon the other, and clustered by mean similarity, so that it is found how many
// kinds there are. Where there are less than 40 bars, too few for a graph, or more than 900, too many for
// eigenvectors, each section in the order of time joins what it is most like, played one upon the other, or begins
// a new letter. Sections more than 900 bars apart are not compared. (The paper's boundaries, where the cluster of
// the bars changes, were worse than block matching's, and as evidence for it they added nothing.)
#pragma once
#include <span>
#include <vector>

#include "sfa/analysis/analysis.hpp"
#include "sfa/analysis/bars.hpp"
#include "sfa/audio/progress.hpp"

namespace sfa::analysis {

/// The sections of a song without gaps, from the first bar that sounds to the end of the last. None for
/// silence; one for less than two bars. `bars` from find_bars of the same features.
///
/// A Section's confidence is that a boundary lies at its begin; the first has 1. Of those with 0.9 and more nine
/// of ten were right within half a second on pop songs with known structure, all on generated ones. A role is
/// named where it has a likelihood of 0.35, which is its confidence.
[[nodiscard]] std::vector<Section> find_sections(std::span<const BeatFeatures> features, std::span<const Bar> bars,
                                                 const Progress& progress = {});

}  // namespace sfa::analysis

#pragma once

#include <string>
#include <vector>

#include "safelight/picture/picture.h"

namespace safelight::demo {

/// One of the demo's own pictures.
struct Scene {
  std::string name;  ///< Without an extension, such as "hills_03".
  Picture picture;
};

/// Hills, houses, trees and a sun: 14 drawings, each unlike the others.
std::vector<Scene> landscapes();
/// Harbour, skyline, clocks, diagrams: 8 drawings.
std::vector<Scene> drawings();
/// Test charts: 6.
std::vector<Scene> charts();
/// Gradients and noise: 7.
std::vector<Scene> textures();

}  // namespace safelight::demo

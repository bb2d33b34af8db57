#pragma once

#include "safelight/serve/http/router.h"

namespace safelight::serve {

/// Adds the files of the app: its page at "/", and what the page loads at "/assets/". Their names
/// change with their content, so browsers may keep all but the page.
void add_app_routes(Router& router);

}  // namespace safelight::serve

#include "safelight/serve/app/app_routes.h"

#include "safelight/serve/app/app_files.h"

namespace safelight::serve {
namespace {

Response not_built(Request&) {
  return Response::bytes(Status::service_unavailable, "text/plain; charset=utf-8",
                         "The review app was not built into this program: see web/README.md.\n");
}

Handler giving(const AppFile& file, Caching caching) {
  return [&file, caching](Request&) {
    return Response::blob(Status::ok, media_type_of(file.path), {nullptr, file.bytes})
        .caching(caching);
  };
}

}  // namespace

void add_app_routes(Router& router) {
  if (app_files().empty()) router.add(Method::get, "/", not_built);
  for (const AppFile& file : app_files()) {
    if (file.path == "index.html") {
      router.add(Method::get, "/", giving(file, Caching::no_store));
    } else {
      router.add(Method::get, "/" + std::string(file.path), giving(file, Caching::immutable));
    }
  }
}

}  // namespace safelight::serve

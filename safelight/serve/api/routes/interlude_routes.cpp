#include "safelight/base/number_text.h"
#include "safelight/codec/still/webp/encode_webp.h"
#include "safelight/serve/api/answers.h"
#include "safelight/serve/api/picture_answer.h"
#include "safelight/serve/api/routes/route_groups.h"
#include "safelight/serve/interludes/interlude.h"

namespace safelight::serve {
namespace {

constexpr float kQuality = 80;

Response get_interlude(Call& call) {
  const auto number = whole_number<uint32_t>(call.request.parameter("number"));
  if (!number) {
    return Response::problem(Status::not_found, "no-such-interlude", "There is no such picture.");
  }
  Picture picture = draw_interlude(*number);
  if (const auto asked = call.request.query.find("style"); asked && *asked != "colour") {
    const auto cover = cover_from_text(*asked);
    const auto style = cover ? style_of(*cover) : std::nullopt;
    if (!style) {
      return Response::problem(Status::bad_request, "rendition.style",
                               "A covered picture is a drawing, blur or grey.");
    }
    picture = render(picture, 1, *style, kCoveredSide);
  }
  const auto file = codec::encode_webp(picture, kQuality);
  if (!file) return Response::problem(file.error());
  return Response::bytes(Status::ok, "image/webp",
                         {reinterpret_cast<const char*>(file->data()), file->size()});
}

}  // namespace

void add_interlude_routes(RouteTable& table) {
  table.add({Method::get, "/v1/interludes/{number}", Access::session(), "getInterlude",
             "An ordinary landscape, drawn here", "", "image/webp", get_interlude,
             ApiRoute::Load::picture});
}

}  // namespace safelight::serve

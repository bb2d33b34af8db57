#include "safelight/serve/api/picture_answer.h"

namespace safelight::serve {

std::optional<RenditionStyle> style_of(Cover cover) {
  switch (cover) {
    case Cover::card:
      return std::nullopt;
    case Cover::drawing:
      return RenditionStyle::drawing;
    case Cover::blur:
      return RenditionStyle::blur;
    case Cover::grey:
      break;
  }
  return RenditionStyle::grey;
}

Response picture_problem(const Error& error) {
  switch (error.code) {
    case ErrorCode::not_found:
      return Response::problem(Status::not_found, "evidence-missing",
                               "The evidence is not where it was when it was scanned.");
    case ErrorCode::changed:
    case ErrorCode::integrity_mismatch:
      return Response::problem(Status::conflict, "evidence-changed",
                               "What is there now is not what was scanned: its digest differs.");
    case ErrorCode::unreadable:
      return Response::problem(Status::conflict, "evidence-unreadable",
                               "The medium or the system would not give the bytes.");
    default:
      return Response::problem(Status::unprocessable_content, "cannot-be-decoded",
                               "The picture cannot be decoded.");
  }
}

}  // namespace safelight::serve

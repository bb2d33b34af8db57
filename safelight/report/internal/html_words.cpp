#include "safelight/report/internal/html_words.h"

namespace safelight::report {

using triage::RankClass;

std::string_view rank_class_words(RankClass rank_class) {
  switch (rank_class) {
    case RankClass::known:
      return "known";
    case RankClass::review:
      return "review";
    case RankClass::beside_hit:
      return "looks like a hit";
    case RankClass::not_examined:
      return "not examined";
    case RankClass::partly_examined:
      return "partly examined";
    case RankClass::ordinary:
      return "ordinary";
    case RankClass::unmatched:
      break;
  }
  return "no match";
}

std::string_view rank_class_meaning(RankClass rank_class) {
  switch (rank_class) {
    case RankClass::known:
      return "Matches known material of a list.";
    case RankClass::review:
      return "Matches an entry of a list that a human must look at.";
    case RankClass::beside_hit:
      return "Matches neither, but looks like an item that does.";
    case RankClass::not_examined:
      return "Nothing is known of the content.";
    case RankClass::partly_examined:
      return "Some of the content was not looked at.";
    case RankClass::ordinary:
      return "Its SHA-1 or SHA-256 stands in a list of ordinary files.";
    case RankClass::unmatched:
      break;
  }
  return "Examined in full; no list says anything of it.";
}

std::string_view error_words(ErrorCode code) {
  switch (code) {
    case ErrorCode::truncated:
      return "The file ends early.";
    case ErrorCode::malformed:
      break;
    case ErrorCode::unsupported:
      return "A type or a variant that this version does not open.";
    case ErrorCode::limit_exceeded:
      return "A limit of Safelight was reached first.";
    case ErrorCode::integrity_mismatch:
      return "A checksum in the file does not fit it.";
    case ErrorCode::unreadable:
      return "The medium or the system would not give the bytes.";
    case ErrorCode::encrypted:
      return "A password is needed, or none of those given fits.";
    case ErrorCode::changed:
      return "The file changed while it was read.";
    case ErrorCode::timed_out:
      return "The work took too long.";
    case ErrorCode::worker_crashed:
      return "The confined worker died on it.";
    case ErrorCode::not_found:
      return "The file was gone when it should have been opened.";
  }
  return "The bytes break a rule of their format.";
}

}  // namespace safelight::report

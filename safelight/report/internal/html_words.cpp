#include "safelight/report/internal/html_words.h"

namespace safelight::report {

using triage::RankClass;

std::string_view rank_class_words(RankClass rank_class) {
  switch (rank_class) {
    case RankClass::resembles_known:
      return "looks like known";
    case RankClass::review:
      return "review";
    case RankClass::known_sample:
      return "known, sample";
    case RankClass::beside_known:
      return "beside known";
    case RankClass::not_examined:
      return "not examined";
    case RankClass::partly_examined:
      return "partly examined";
    case RankClass::known:
      return "known";
    case RankClass::ordinary:
      return "ordinary";
    case RankClass::unmatched:
      break;
  }
  return "no match";
}

std::string_view rank_class_meaning(RankClass rank_class) {
  switch (rank_class) {
    case RankClass::resembles_known:
      return "Looks like an entry that is known or for review, and is not its file.";
    case RankClass::review:
      return "The file of an entry that a human must look at, or whose victim is not identified.";
    case RankClass::known_sample:
      return "Known by digest, and one of the sample that is checked all the same.";
    case RankClass::beside_known:
      return "No such match, but looks like an item that has one, or lies beside one.";
    case RankClass::not_examined:
      return "Nothing is known of the content.";
    case RankClass::partly_examined:
      return "Some of the content was not looked at.";
    case RankClass::known:
      return "The file of known material, by digest: set aside.";
    case RankClass::ordinary:
      return "Its SHA-1 or SHA-256 stands in a list of ordinary files: set aside.";
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

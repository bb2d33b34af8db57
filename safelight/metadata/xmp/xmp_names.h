#pragma once

#include <string_view>
#include <vector>

#include "safelight/metadata/xmp/xmp.h"

/// Properties that say how a picture came about.
/// Sources: IPTC Photo Metadata Standard 2025.1; XMP part 2; DCMI terms; GB 45438-2025.
namespace safelight::metadata {

inline constexpr std::string_view kIptcExtensionNs = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
inline constexpr std::string_view kXmpNoteNs = "http://ns.adobe.com/xmp/note/";
inline constexpr std::string_view kXmpNs = "http://ns.adobe.com/xap/1.0/";

inline constexpr XmpName kDigitalSourceType{kIptcExtensionNs, "DigitalSourceType"};
inline constexpr XmpName kAiSystemUsed{kIptcExtensionNs, "AISystemUsed"};
inline constexpr XmpName kAiSystemVersionUsed{kIptcExtensionNs, "AISystemVersionUsed"};
inline constexpr XmpName kAiPromptInformation{kIptcExtensionNs, "AIPromptInformation"};
inline constexpr XmpName kAiPromptWriterName{kIptcExtensionNs, "AIPromptWriterName"};
inline constexpr XmpName kDigitalImageGuid{kIptcExtensionNs, "DigImageGUID"};
inline constexpr XmpName kCredit{"http://ns.adobe.com/photoshop/1.0/", "Credit"};
inline constexpr XmpName kProvenance{"http://purl.org/dc/terms/", "provenance"};
inline constexpr XmpName kCreatorTool{kXmpNs, "CreatorTool"};
inline constexpr XmpName kAigcLabel{"http://www.tc260.org.cn/ns/AIGC/1.0/", "AIGC"};
/// The GUID of the extended packet that belongs to this one.
inline constexpr XmpName kHasExtendedXmp{kXmpNoteNs, "HasExtendedXMP"};

/// Every non-empty statement of a digital source type, also under its name before 2010
/// (DigitalSourcefileType, of which both spellings are in use).
std::vector<const XmpProperty*> digital_source_types(const Xmp& xmp);

/// Where a C2PA manifest is kept that is not in the file; "" where the packet names no such place,
/// or one in the file itself.
std::string_view manifest_url(const Xmp& xmp);

}  // namespace safelight::metadata

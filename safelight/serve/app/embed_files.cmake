# Writes the files of a folder as a C++ source. Run as a script:
#   cmake -D FOLDER=web/dist -D OUTPUT=app_files_data.cpp -P embed_files.cmake
# Without such a folder there are no files.
file(GLOB_RECURSE paths RELATIVE "${FOLDER}" "${FOLDER}/*")
list(SORT paths)
set(arrays "")
set(entries "")
set(number 0)
foreach(path IN LISTS paths)
  file(READ "${FOLDER}/${path}" hex HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  string(APPEND arrays "constexpr unsigned char kFile${number}[] = {${bytes}0};\n")
  string(APPEND entries
    "    {\"${path}\", std::as_bytes(std::span(kFile${number}).first(sizeof kFile${number} - 1))},\n")
  math(EXPR number "${number} + 1")
endforeach()
if(number EQUAL 0)
  set(body "std::span<const AppFile> app_files() { return {}; }\n")
else()
  string(CONCAT body
    "namespace {\n\n${arrays}\nconst std::array<AppFile, ${number}> kFiles = {{\n${entries}}};\n\n}  // namespace\n\n"
    "std::span<const AppFile> app_files() { return kFiles; }\n")
endif()
file(WRITE "${OUTPUT}"
  "#include <array>\n#include <span>\n\n#include \"safelight/serve/app/app_files.h\"\n\n"
  "namespace safelight::serve {\n\n${body}\n}  // namespace safelight::serve\n")

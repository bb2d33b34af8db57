# One call makes a module: its library, its tests, its fuzz targets and its benchmarks.
#
#   safelight_module(metadata
#     HEADERS png_text.h
#     SOURCES png_text.cpp
#     USES    base bytes
#     LIBS    PNG::PNG
#     TESTS   png_text_test
#     FUZZ    png_text_fuzz
#     BENCH   png_text_bench)
#
# HOSTILE before them says that the module parses untrusted bytes: its tests and fuzz targets run under the
# sanitizers (target safelight-hostile-tests, ctest label "hostile"); the preset dev builds its tests by name alone.
# PLAIN beside it keeps them there too, for what sanitizers take away: bounds on memory, a process of one thread.
# USES names modules, as in tools/layers.txt; LIBS names third-party libraries, which stay private to
# the module. A module without sources is an interface library. A file may stand in a subfolder
# (`png/png_test`); its target is named by the file alone.

option(SAFELIGHT_WERROR "Treat warnings as errors" OFF)
option(SAFELIGHT_LIBFUZZER "Link fuzz targets with libFuzzer instead of the replay main" OFF)
option(SAFELIGHT_DEBUG_OPTIMISED "Modules with -O1 and all with line tables alone: quick to build and to run" OFF)
option(SAFELIGHT_HOSTILE_TESTS "Build and run also the tests that the sanitizers run" ON)
set(SAFELIGHT_SANITIZE "" CACHE STRING "Sanitizers for every target, as -fsanitize= takes them")

add_library(safelight_flags INTERFACE)
target_compile_features(safelight_flags INTERFACE cxx_std_20)
target_include_directories(safelight_flags INTERFACE ${PROJECT_SOURCE_DIR})
# GCC 12 sees uninitialised members in std::variant and std::optional where there are none.
target_compile_options(safelight_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized> -ffp-contract=off
  -fstack-protector-strong
  # Without these ccache keeps nothing that is made with precompiled headers.
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>
  "$<$<COMPILE_LANG_AND_ID:CXX,Clang>:SHELL:-Xclang -fno-pch-timestamp>"
  $<$<BOOL:${SAFELIGHT_WERROR}>:-Werror>
  $<$<BOOL:${SAFELIGHT_DEBUG_OPTIMISED}>:-g1>
  $<$<AND:$<BOOL:${SAFELIGHT_DEBUG_OPTIMISED}>,$<NOT:$<BOOL:$<TARGET_PROPERTY:SAFELIGHT_TEST>>>>:-O1>)
target_link_options(safelight_flags INTERFACE -Wl,-z,relro,-z,now)
if(SAFELIGHT_LIBFUZZER)
  # Coverage of the modules too, not of the fuzz targets alone.
  target_compile_options(safelight_flags INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(safelight_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(SAFELIGHT_SANITIZE)
  target_compile_options(safelight_flags INTERFACE
    -fsanitize=${SAFELIGHT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(safelight_flags INTERFACE -fsanitize=${SAFELIGHT_SANITIZE})
endif()

find_package(GTest REQUIRED)
find_package(benchmark REQUIRED)
find_package(Threads REQUIRED)
include(GoogleTest)

# What most sources include is parsed once a kind of target and not once a source: half of the time to compile.
# A source for other instructions than its target's says SKIP_PRECOMPILE_HEADERS.
set(headers <algorithm> <array> <atomic> <chrono> <cmath> <cstdint> <cstdlib> <cstring> <filesystem> <fstream>
  <functional> <limits> <map> <memory> <mutex> <numeric> <optional> <random> <set> <span> <string>
  <string_view> <thread> <utility> <variant> <vector>)
add_library(safelight_module_headers OBJECT ${CMAKE_CURRENT_LIST_DIR}/precompiled.cpp)
target_link_libraries(safelight_module_headers PRIVATE safelight_flags)
target_precompile_headers(safelight_module_headers PRIVATE ${headers})
add_executable(safelight_program_headers ${CMAKE_CURRENT_LIST_DIR}/precompiled.cpp)
target_link_libraries(safelight_program_headers PRIVATE safelight_flags)
target_precompile_headers(safelight_program_headers PRIVATE ${headers})
add_executable(safelight_test_headers ${CMAKE_CURRENT_LIST_DIR}/precompiled.cpp)
set_target_properties(safelight_test_headers PROPERTIES SAFELIGHT_TEST ON)
target_link_libraries(safelight_test_headers PRIVATE safelight_flags GTest::gmock)
target_precompile_headers(safelight_test_headers PRIVATE ${headers} <gmock/gmock.h> <gtest/gtest.h>)

add_library(safelight_fuzz_replay OBJECT ${PROJECT_SOURCE_DIR}/tools/fuzz_replay_main.cpp)
target_link_libraries(safelight_fuzz_replay PRIVATE safelight_flags)

add_custom_target(safelight-hostile-tests)

function(safelight_test name)
  cmake_parse_arguments(ARG "HOSTILE;PLAIN" "TIMEOUT" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES SAFELIGHT_TEST ON)
  target_link_libraries(${name} PRIVATE safelight_flags ${ARG_LINKS} GTest::gmock GTest::gtest_main)
  target_precompile_headers(${name} REUSE_FROM safelight_test_headers)
  if(ARG_HOSTILE AND NOT ARG_PLAIN AND NOT SAFELIGHT_HOSTILE_TESTS)
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)
    return()
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  set(labels unit)
  if(ARG_HOSTILE)
    set(labels hostile)
    add_dependencies(safelight-hostile-tests ${name})
  endif()
  gtest_discover_tests(${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS ${labels})
endfunction()

function(safelight_module name)
  cmake_parse_arguments(ARG "HOSTILE;PLAIN" "" "HEADERS;SOURCES;USES;LIBS;TESTS;FUZZ;BENCH" ${ARGN})
  set(target safelight_${name})
  list(TRANSFORM ARG_USES PREPEND safelight_ OUTPUT_VARIABLE uses)
  if(ARG_SOURCES)
    add_library(${target} STATIC ${ARG_SOURCES} ${ARG_HEADERS})
    target_link_libraries(${target} PUBLIC safelight_flags ${uses} PRIVATE ${ARG_LIBS})
    target_precompile_headers(${target} REUSE_FROM safelight_module_headers)
  else()
    add_library(${target} INTERFACE ${ARG_HEADERS})
    target_link_libraries(${target} INTERFACE safelight_flags ${uses} ${ARG_LIBS})
  endif()
  set(kinds "")
  foreach(kind IN ITEMS HOSTILE PLAIN)
    if(ARG_${kind})
      list(APPEND kinds ${kind})
    endif()
  endforeach()
  foreach(test IN LISTS ARG_TESTS)
    cmake_path(GET test FILENAME test_name)
    safelight_test(${name}_${test_name} ${kinds} SOURCES ${test}.cpp LINKS ${target} ${ARG_LIBS})
  endforeach()
  foreach(fuzz IN LISTS ARG_FUZZ)
    cmake_path(GET fuzz FILENAME fuzz_name)
    set(fuzz_target ${name}_${fuzz_name})
    add_executable(${fuzz_target} ${fuzz}.cpp)
    target_link_libraries(${fuzz_target} PRIVATE ${target} ${ARG_LIBS})
    if(SAFELIGHT_LIBFUZZER)
      target_compile_options(${fuzz_target} PRIVATE -fsanitize=fuzzer)
      target_link_options(${fuzz_target} PRIVATE -fsanitize=fuzzer)
    else()
      target_link_libraries(${fuzz_target} PRIVATE safelight_fuzz_replay)
    endif()
    add_test(NAME fuzz_replay.${fuzz_target}
      COMMAND ${fuzz_target} ${PROJECT_SOURCE_DIR}/testdata/corrupt/${fuzz_target})
    if(ARG_HOSTILE)
      set_tests_properties(fuzz_replay.${fuzz_target} PROPERTIES LABELS hostile)
      add_dependencies(safelight-hostile-tests ${fuzz_target})
    endif()
  endforeach()
  foreach(bench IN LISTS ARG_BENCH)
    cmake_path(GET bench FILENAME bench_name)
    add_executable(${name}_${bench_name} ${bench}.cpp)
    target_link_libraries(${name}_${bench_name} PRIVATE ${target} ${ARG_LIBS} benchmark::benchmark_main)
  endforeach()
endfunction()

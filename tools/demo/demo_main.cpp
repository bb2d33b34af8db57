/// Makes a folder of ordinary pictures for a first look at Safelight: drawings, charts, gradients
/// and noise, altered copies of them, damaged files and archives. Nothing in it is taken from
/// anywhere, and it is the same in every run, but for the salt of the encrypted archive.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>

#include "tools/demo/canvas.h"
#include "tools/demo/declare.h"
#include "tools/demo/encode.h"
#include "tools/demo/scenes.h"

#include "safelight/base/fault.h"
#include "safelight/base/simd.h"
#include "safelight/digest/digester.h"
#include "safelight/pdq/reference.h"
#include "safelight/picture/nearest.h"

namespace safelight::demo {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  explicit Folder(fs::path root) : root_(std::move(root)) {}

  void write(const fs::path& name, std::span<const std::byte> bytes) {
    const fs::path path = root_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream out(path, std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()),
              static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) throw Fault("cannot write " + path.string());
    ++files_;
    bytes_ += bytes.size();
  }
  void write(const fs::path& name, std::string_view text) {
    write(name, std::as_bytes(std::span(text)));
  }
  void link(const fs::path& name, const fs::path& target) {
    fs::create_symlink(target, root_ / name);
  }

  [[nodiscard]] size_t files() const { return files_; }
  [[nodiscard]] uint64_t bytes() const { return bytes_; }

 private:
  fs::path root_;
  size_t files_ = 0;
  uint64_t bytes_ = 0;
};

constexpr int kQuality = 88;

/// The demo's pictures, and the files made of them that others are made from.
struct Originals {
  std::vector<Scene> hills = landscapes();
  std::vector<Scene> others = drawings();
  std::vector<Scene> test_charts = charts();
  std::vector<Scene> noise = textures();
};

Picture half(const Picture& picture) {
  return shrink(picture, picture.shape.width / 2, picture.shape.height / 2);
}

/// What one picture says of itself. It is made up, as it can be in any file.
constexpr std::string_view kDeclaredSettings =
    "hills at noon\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 4, Size: 320x240";

void write_originals(Folder& folder, const Originals& originals) {
  for (const auto& scene : originals.hills) {
    Bytes jpeg = to_jpeg(scene.picture, kQuality);
    if (&scene == &originals.hills.back()) jpeg = with_camera(jpeg, "Demo Cameras", "Drawing 1");
    folder.write("holiday/" + scene.name + ".jpg", jpeg);
  }
  for (const auto& scene : originals.others)
    folder.write("drawings/" + scene.name + ".png", to_png(scene.picture));
  for (const auto& scene : originals.test_charts)
    folder.write("charts/" + scene.name + ".png", to_png(scene.picture));
  for (const auto& scene : originals.noise)
    folder.write("textures/" + scene.name + ".jpg", to_jpeg(scene.picture, kQuality));
}

/// What people do to pictures before they pass them on.
void write_copies(Folder& folder, const Originals& originals) {
  const auto& hills = originals.hills;
  for (size_t i = 0; i < 5; ++i) {
    const auto& [name, picture] = hills[i];
    const auto [width, height, channels] = picture.shape;
    const auto at = [&](const char* what) { return "copies/" + name + what; };
    folder.write(at("_half.jpg"), to_jpeg(half(picture), 80));
    folder.write(at("_small.jpg"), to_jpeg(shrink(picture, 160, 120), 75));
    folder.write(at("_quality40.jpg"), to_jpeg(picture, 40));
    folder.write(at("_quality15.jpg"), to_jpeg(picture, 15));
    folder.write(at("_cropped.jpg"),
                 to_jpeg(crop(picture, width / 40, height / 40, width * 38 / 40, height * 38 / 40),
                         kQuality));
    folder.write(at("_rotated.jpg"), to_jpeg(rotate(picture), kQuality));
    folder.write(at("_mirrored.jpg"), to_jpeg(mirror(picture), kQuality));
    folder.write(at("_grey.jpg"), to_jpeg(to_grey(picture), kQuality));
    folder.write(at("_brighter.jpg"), to_jpeg(brighten(picture, 1.15), kQuality));
  }
  folder.write("copies/hills_01.webp", to_webp(half(hills[0].picture), 80));
  folder.write("copies/hills_02.webp", to_webp(half(hills[1].picture), 80));
  folder.write("copies/hills_03.bmp", to_bmp(shrink(hills[2].picture, 200, 150)));
  folder.write("copies/hills_04.png",
               with_text(to_png(half(hills[3].picture)), "parameters", kDeclaredSettings));
  folder.write("copies/hills_06 (1).jpg", to_jpeg(hills[5].picture, kQuality));
  // A name in Latin-1, as an old system wrote it: not UTF-8.
  folder.write("copies/\xe9t\xe9.jpg", to_jpeg(hills[6].picture, kQuality));
  folder.link("copies/link_to_hills_01.jpg", "../holiday/hills_01.jpg");

  std::vector<Picture> frames;
  for (size_t i = 0; i < 6; ++i) frames.push_back(shrink(hills[i].picture, 200, 150));
  folder.write("several/slides.gif", to_gif(frames));
  const std::array<Picture, 2> pages{half(originals.others[0].picture),
                                     half(originals.others[6].picture)};
  folder.write("several/two_pages.tif", to_tiff(pages));
}

void write_damaged(Folder& folder, const Originals& originals) {
  Bytes jpeg = to_jpeg(originals.hills[7].picture, kQuality);
  folder.write("damaged/truncated.jpg", std::span(jpeg).first(jpeg.size() * 6 / 10));
  const std::string_view tail = "These bytes stand after the end of the picture.\n";
  for (const char c : tail) jpeg.push_back(static_cast<std::byte>(c));
  folder.write("damaged/trailing_data.jpg", jpeg);
  Bytes png = to_png(half(originals.others[2].picture));
  folder.write("damaged/really_a_png.jpg", png);
  png[png.size() / 2] ^= std::byte{0x55};  // amid the compressed pixels: their CRC no longer fits
  folder.write("damaged/bad_crc.png", png);
  folder.write("damaged/empty.jpg", std::string_view());
  folder.write("damaged/only_text.png", std::string_view("This is no picture.\n"));
}

void write_documents(Folder& folder) {
  folder.write("documents/notes.txt",
               std::string_view("A folder of pictures that Safelight's demo draws itself.\n"
                                "The password of archives/locked.zip is: demo\n"));
  std::string pdf = "%PDF-1.4\n";
  std::vector<size_t> places;
  const auto object = [&](std::string_view body) {
    places.push_back(pdf.size());
    pdf += std::to_string(places.size()) + " 0 obj\n";
    pdf += body;
    pdf += "\nendobj\n";
  };
  object("<< /Type /Catalog /Pages 2 0 R >>");
  object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
  object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] >>");
  const size_t table = pdf.size();
  pdf += "xref\n0 4\n0000000000 65535 f \n";
  for (const size_t place : places) {
    std::array<char, 24> row{};
    std::snprintf(row.data(), row.size(), "%010zu 00000 n \n", place);
    pdf += row.data();
  }
  pdf += "trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n" + std::to_string(table) + "\n%%EOF\n";
  folder.write("documents/one_empty_page.pdf", pdf);
}

void write_archives(Folder& folder, const Originals& originals) {
  const auto& hills = originals.hills;
  const std::array<PackedFile, 2> inner{
      {{"hills_08.jpg", to_jpeg(hills[7].picture, 60)},
       {"deeper/star.png", to_png(half(originals.test_charts[3].picture))}}};
  const std::array<PackedFile, 2> outer{
      {{"hills_09_half.jpg", to_jpeg(half(hills[8].picture), 70)}, {"inner.zip", to_zip(inner)}}};
  folder.write("archives/zip_in_a_zip.zip", to_zip(outer));
  std::vector<PackedFile> album;
  for (size_t i = 9; i < 13; ++i)
    album.push_back({"album/" + hills[i].name + ".jpg", to_jpeg(half(hills[i].picture), 70)});
  folder.write("archives/album.tar.gz", to_tar_gz(album));
  const std::array<PackedFile, 1> locked{{{"hills_14.jpg", to_jpeg(half(hills[13].picture), 70)}}};
  folder.write("archives/locked.zip", to_zip(locked, "demo"));
}

/// The fingerprint of a picture as it was drawn: its JPEG is a few bits away.
Result<PdqHash> fingerprint_of(const Picture& picture) {
  NearestSink nearest;
  nearest.begin(picture.shape);
  nearest.rows(0, picture.samples);
  return pdq::ReferenceHasher(detect_simd_level()).hash(nearest.picture());
}

/// A hash list that knows two of the pictures by their MD5 and two by their fingerprint.
void write_list(Folder& folder, const Originals& originals) {
  Digester digester;
  std::string list = "md5,pdq,category\n";
  const auto add_file = [&](const Bytes& file, std::string_view category) {
    list += to_hex(digest(digester, file).md5) + ",," + std::string(category) + "\n";
  };
  const auto add_picture = [&](const Picture& picture, std::string_view category) {
    const auto hash = fingerprint_of(picture);
    if (!hash) throw Fault("a picture of the demo has no fingerprint");
    list += "," + to_hex(hash->fingerprint) + "," + std::string(category) + "\n";
  };
  add_file(to_jpeg(originals.hills[2].picture, kQuality), "1");
  add_file(to_png(originals.others[0].picture), "2");
  add_picture(originals.hills[0].picture, "1");
  add_picture(originals.hills[9].picture, "2");
  folder.write("known.csv", list);
}

int make_demo(const char* out) {
  const fs::path root(out);
  if (fs::exists(root) && !fs::is_empty(root))
    throw Fault(root.string() + " is there already, and not empty");
  fs::create_directories(root);
  Folder folder(root);
  const Originals originals;
  write_originals(folder, originals);
  write_copies(folder, originals);
  write_damaged(folder, originals);
  write_documents(folder);
  write_archives(folder, originals);
  write_list(folder, originals);
  std::printf("Made %zu files (%.1f MB) in %s\n", folder.files(),
              static_cast<double>(folder.bytes()) / 1e6, out);
  return 0;
}

}  // namespace
}  // namespace safelight::demo

int main(int argc, char** argv) {
  constexpr int kUsage = 2;
  constexpr int kEnvironment = 3;
  if (argc != 2) {
    std::fprintf(stderr, "usage: safelight-demo-maker OUTDIR\n");
    return kUsage;
  }
  try {
    return safelight::demo::make_demo(argv[1]);
  } catch (const std::exception& fault) {
    std::fprintf(stderr, "safelight-demo-maker: %s\n", fault.what());
    return kEnvironment;
  }
}

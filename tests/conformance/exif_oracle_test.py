"""EXIF, XMP, IPTC, PNG text and comments of photographs by many makers, against ExifTool and exiv2. What differs
on purpose is told in safelight/metadata/README.md."""
import json
import math
import os
import re
import shutil
import subprocess
import sys
import unittest
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import programs

DUMP = os.environ.get("SAFELIGHT_METADATA_DUMP", "build/dev/tests/metadata_dump")
FOLDERS = ["exif", "camera", "generators", "generated", "c2pa/c2pa-rs", "c2pa/public-testfiles"]

TEXT_TAGS = {
    "IFD0:DocumentName": 0x10D, "IFD0:ImageDescription": 0x10E, "IFD0:Make": 0x10F, "IFD0:Model": 0x110,
    "IFD0:Software": 0x131, "IFD0:ModifyDate": 0x132, "IFD0:Artist": 0x13B, "IFD0:HostComputer": 0x13C,
    "IFD0:Copyright": 0x8298, "ExifIFD:DateTimeOriginal": 0x9003, "ExifIFD:CreateDate": 0x9004,
    "ExifIFD:OffsetTime": 0x9010, "ExifIFD:OffsetTimeOriginal": 0x9011, "ExifIFD:OffsetTimeDigitized": 0x9012,
    "ExifIFD:SubSecTime": 0x9290, "ExifIFD:SubSecTimeOriginal": 0x9291, "ExifIFD:SubSecTimeDigitized": 0x9292,
    "IFD0:XPTitle": 0x9C9B, "IFD0:XPComment": 0x9C9C, "IFD0:XPAuthor": 0x9C9D, "IFD0:XPKeywords": 0x9C9E,
    "IFD0:XPSubject": 0x9C9F, "ExifIFD:ImageUniqueID": 0xA420, "ExifIFD:OwnerName": 0xA430,
    "ExifIFD:SerialNumber": 0xA431, "ExifIFD:LensMake": 0xA433, "ExifIFD:LensModel": 0xA434,
    "ExifIFD:LensSerialNumber": 0xA435}
EXIV2_TEXTS = {
    "Exif.Image.ImageDescription": 0x10E, "Exif.Image.Make": 0x10F, "Exif.Image.Model": 0x110,
    "Exif.Image.Software": 0x131, "Exif.Image.DateTime": 0x132, "Exif.Image.Artist": 0x13B,
    "Exif.Image.Copyright": 0x8298, "Exif.Photo.DateTimeOriginal": 0x9003, "Exif.Photo.DateTimeDigitized": 0x9004,
    "Exif.Photo.SubSecTimeOriginal": 0x9291, "Exif.Photo.OffsetTimeOriginal": 0x9011,
    "Exif.Photo.BodySerialNumber": 0xA431, "Exif.Photo.LensModel": 0xA434}
NUMBERS = {
    "IFD0:Orientation": "orientation", "ExifIFD:ExifImageWidth": "width", "ExifIFD:ExifImageHeight": "height",
    "ExifIFD:ISO": "iso", "ExifIFD:FocalLengthIn35mmFormat": "focal_length_35"}
RATIONALS = {"ExifIFD:ExposureTime": "exposure", "ExifIFD:FNumber": "f_number", "ExifIFD:FocalLength": "focal_length"}

# Vendors whose notes ExifTool reads by another maker's table, or not at all.
VENDORS = {"Epson": "Olympus", "Kyocera": None, "Google": None}


def exiftool(files):
    done = subprocess.run(["exiftool", "-j", "-n", "-G1", "-x", "ThumbnailImage", *files], capture_output=True)
    return {entry["SourceFile"]: entry for entry in json.loads(done.stdout, parse_int=str, parse_float=str)}


def exiv2(file):
    done = subprocess.run(["exiv2", "-q", "-PEkv", str(file)], capture_output=True)
    values = {}
    for line in done.stdout.decode("utf-8", errors="replace").splitlines():
        match = re.match(r"(Exif\.\S+)\s{2,}(.*)$|(Exif\.\S+)\s*$", line)
        if match:
            values.setdefault(match[1] or match[3], match[2] or "")
    return values


def plain(text):
    """A text as both programs can give it: ASCII, blanks folded."""
    return " ".join(re.sub(r"[^\x21-\x7e]+", " ", str(text)).replace("?", " ").split())


class ExifOracle(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.files = sorted(str(p) for folder in FOLDERS for p in (programs.CONFORMANCE / folder).rglob("*")
                           if p.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff", ".heic",
                                                   ".heif", ".avif", ".mp4", ".jxl"))
        lines = subprocess.run([DUMP, *cls.files], check=True, capture_output=True).stdout.splitlines()
        cls.ours = {entry["file"]: entry for entry in map(json.loads, lines)}
        cls.theirs = exiftool(cls.files)

    def compare(self, file, field, ours, theirs, differences, same=None):
        if not (same(ours, theirs) if same else ours == theirs):
            differences.append(f"{Path(file).name} {field}: {ours!r} is not {theirs!r}")

    def test_every_field_is_that_of_exiftool(self):
        differences, compared = [], 0
        for file in self.files:
            theirs, blocks = self.theirs[file], self.ours[file]["exif"]
            texts = {}
            for block in blocks:
                for tag, text in block["texts"]:
                    texts.setdefault(tag, text)
            first = lambda name: next((b[name] for b in blocks if b.get(name)), None)
            for name, tag in TEXT_TAGS.items():
                self.compare(file, name, plain(texts.get(tag, "")), plain(theirs.get(name, "")), differences)
            for name, field in NUMBERS.items():
                number = theirs.get(name, 0)
                self.compare(file, name, first(field) or 0, int(str(number).split()[0] or 0), differences)
            for name, field in RATIONALS.items():
                self.compare(file, name, first(field), theirs.get(name), differences, same_rational)
            self.compare(file, "ExifIFD:UserComment", plain(first("comment") or ""),
                         plain(theirs.get("ExifIFD:UserComment", "")), differences)
            gps = first("gps") or {}
            for field, name in (("latitude", "Latitude"), ("longitude", "Longitude"), ("altitude", "Altitude")):
                self.compare(file, f"GPS:{name}", gps.get(field), gps_value(theirs, name), differences, near)
            self.compare(file, "GPS:GPSDateStamp", gps.get("date", ""), theirs.get("GPS:GPSDateStamp", ""), differences)
            self.compare(file, "GPS:GPSTimeStamp", gps.get("seconds"), seconds(theirs.get("GPS:GPSTimeStamp")),
                         differences, near)
            self.compare(file, "IFD1:Thumbnail", first("thumbnail") or [0, 0], thumbnail(theirs), differences,
                         cut_thumbnail if any(rule == "exif.thumbnail" for _, rule, _ in self.ours[file]["damage"])
                         else lambda ours, theirs: ours == theirs or file.endswith(".png") and ours[1] == theirs[1])
            groups = {name.split(":")[0].lower() for name in theirs}
            vendor = first("vendor")
            known = VENDORS.get(vendor, vendor)
            if known:
                self.compare(file, "MakerNotes", vendor, vendor if known.lower() in groups else sorted(groups),
                             differences)
            self.compare(file, "Apple:ContentIdentifier", first("content_identifier") or "",
                         theirs.get("Apple:MediaGroupUUID", ""), differences)
            compared += 1
        self.assertGreater(compared, 100)
        self.assertEqual(differences, [])

    def test_xmp_iptc_text_and_comments_are_those_of_exiftool(self):
        differences = []
        for file in self.files:
            theirs, ours = self.theirs[file], self.ours[file]
            properties = [p for block in ours["xmp"] for p in block["properties"]]
            value = lambda name: next((p[3] for p in properties if p[1] == name and p[3]), "")
            toolkit = next((block["toolkit"] for block in ours["xmp"] if block["toolkit"]), "")
            self.compare(file, "XMP-x:XMPToolkit", plain(toolkit), plain(theirs.get("XMP-x:XMPToolkit", "")),
                         differences)
            for name, local in (("XMP-xmp:CreatorTool", "CreatorTool"), ("XMP-dcterms:Provenance", "provenance"),
                                ("XMP-photoshop:Credit", "Credit"), ("XMP-xmpMM:DocumentID", "DocumentID"),
                                ("XMP-iptcExt:DigitalSourceType", "DigitalSourceType")):
                self.compare(file, name, plain(value(local)), plain(theirs.get(name, "")), differences)
            for name, dataset in (("IPTC:Credit", 110), ("IPTC:Source", 115), ("IPTC:OriginatingProgram", 65),
                                  ("IPTC:By-line", 80), ("IPTC:Caption-Abstract", 120), ("IPTC:ObjectName", 5)):
                found = next((v for record, number, v in ours["iim"] if (record, number) == (2, dataset)), "")
                self.compare(file, name, plain(found), plain(theirs.get(name, "")), differences)
            self.compare(file, "File:Comment", plain("".join(ours["comments"][-1:])),
                         plain(theirs.get("File:Comment", "")), differences)
            texts = {}
            for key, text in ours["texts"]:
                texts.setdefault(key.lower(), text)
            for name, text in theirs.items():
                group, _, key = name.partition(":")
                if group == "PNG" and key.lower() in texts:
                    self.compare(file, name, plain(texts[key.lower()]), plain(text), differences)
        self.assertEqual(differences, [])

    def test_texts_are_those_of_exiv2(self):
        differences = []
        for file in self.files:
            theirs = exiv2(file)
            for name, tag in EXIV2_TEXTS.items():
                if name not in theirs or "\n" in theirs[name]:
                    continue
                texts = [t for block in self.ours[file]["exif"] for number, t in block["texts"] if number == tag]
                self.compare(file, name, plain(texts[0] if texts else "").split("\n")[0], plain(theirs[name]),
                             differences)
        self.assertEqual(differences, [])


def same_rational(ours, theirs):
    if ours is None or theirs is None:
        return ours is None and theirs is None
    numerator, denominator = map(int, ours.split("/"))
    if denominator == 0:
        return theirs in ("undef", "inf")
    return math.isclose(float(Fraction(numerator, denominator)), float(theirs), rel_tol=1e-6, abs_tol=1e-9)


def thumbnail(theirs):
    """ExifTool counts the offset from the start of the file, but not in PNG; a length of 0 is no thumbnail."""
    length = int(theirs.get("IFD1:ThumbnailLength", 0))
    return [int(theirs["IFD1:ThumbnailOffset"]), length] if length else [0, 0]


def cut_thumbnail(ours, theirs):
    """Ours ends with its EXIF structure; ExifTool gives the length as stated."""
    return ours[1] == 0 or (ours[0] == theirs[0] and ours[1] < theirs[1])


def near(ours, theirs):
    if ours is None or theirs is None:
        return ours is None and theirs is None
    return abs(float(ours) - float(theirs)) < 2e-6


def gps_value(theirs, name):
    """ExifTool gives the magnitude and the reference apart."""
    value = theirs.get(f"GPS:GPS{name}")
    if value in (None, "", "undef", "inf"):
        return None
    negative = theirs.get(f"GPS:GPS{name}Ref") in ("S", "W", "1")
    return -float(value) if negative else float(value)


def seconds(stamp):
    if not stamp or not re.match(r"[\d.]+:[\d.]+:[\d.]+$", str(stamp)):
        return None
    hours, minutes, rest = map(float, stamp.split(":"))
    return hours * 3600 + minutes * 60 + rest


if __name__ == "__main__":
    programs.skip_without(programs.CONFORMANCE / "exif")
    if not shutil.which("exiftool") or not shutil.which("exiv2"):
        print("skipped: exiftool and exiv2 are not installed")
        sys.exit(77)
    unittest.main()

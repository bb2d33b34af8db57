#include <gtest/gtest.h>

#include "safelight/provenance/marks/marks_for_test.h"

/// Each tool's own place and form is recognised, with its facts and prompts.
namespace safelight::marks {
namespace {

using metadata::TestExif;
using namespace std::string_literals;

/// The only mark of a file.
Finding only(const std::string& file, const std::string& rules) {
  const auto findings = findings_in(file);
  EXPECT_EQ(rules_in(findings), rules);
  return findings.empty() ? Finding{} : findings[0];
}
/// "KIND:TEXT;" of every prompt.
std::string prompts(const std::string& file) {
  std::string out;
  for (const Prompt& prompt : prompts_in(file)) {
    out += std::string(to_text(prompt.kind)) + ":" + prompt.text + ";";
  }
  return out;
}

TEST(WebUi, InPng) {
  const std::string file = png_with("parameters", kInfotext);
  const Finding finding = only(file, "a1111.infotext=AUTOMATIC1111;");
  EXPECT_EQ(finding.kind, "generator_mark");
  EXPECT_EQ(finding.grade, Grade::declared);
  EXPECT_EQ(finding.place.offset_kind, OffsetKind::exact);
  EXPECT_EQ(file.substr(finding.place.offset_bytes, finding.place.length_bytes),
            "parameters\0"s + kInfotext);
  EXPECT_EQ(field(finding, "model"), "v1-5-pruned;");
  EXPECT_EQ(field(finding, "model_hash"), "6ce0161689;");
  EXPECT_EQ(field(finding, "seed"), "42;");
  EXPECT_EQ(field(finding, "sampler"), "Euler a;");
  EXPECT_EQ(field(finding, "steps"), "20;");
  EXPECT_EQ(field(finding, "cfg_scale"), "7;");
  EXPECT_EQ(field(finding, "size"), "512x512;");
  EXPECT_EQ(field(finding, "prompt_bytes"), "23;");
  EXPECT_EQ(field(finding, "prompt_sha256"),
            "605199ca7ce9a77b8b4861219bcf59c8a7b55a9e8651981d9e9904ddb2943578;");
  EXPECT_EQ(field(finding, "negative_prompt_bytes"), "9;");
  EXPECT_EQ(prompts(file), "positive:a lighthouse on a cliff;negative:fog, rain;");
}

TEST(WebUi, InExifAndGif) {
  EXPECT_EQ(rules_in(jpeg_with_user_comment(kInfotext)), "a1111.infotext=AUTOMATIC1111;");
  TestExif exif;
  std::string utf16;
  for (const char c : kInfotext) utf16 += "\0"s + c;
  exif.details = {exif.bytes(0x9286, "UNICODE\0"s + utf16)};
  EXPECT_EQ(rules_in(webp_with_exif(exif)), "a1111.infotext=AUTOMATIC1111;");
  EXPECT_EQ(rules_in(metadata::gif_file(
                metadata::gif_extension(0xfe, metadata::gif_sub_blocks(kInfotext)))),
            "a1111.infotext=AUTOMATIC1111;");
}

TEST(WebUi, IsToldByItsVersion) {
  const auto rules = [](const std::string& more) {
    return rules_in(png_with("parameters", kInfotext + more));
  };
  EXPECT_EQ(rules(", Version: v1.10.1"), "a1111.infotext=AUTOMATIC1111;");
  EXPECT_EQ(rules(", Version: f2.0.1v1.10.1"), "a1111.infotext=Forge;");
  EXPECT_EQ(rules(", Version: neo"), "a1111.infotext=Forge Neo;");
  EXPECT_EQ(rules(", App: SD.Next, Version: 1ad73c8"), "a1111.infotext=SD.Next;");
  EXPECT_EQ(rules(", Version: ComfyUI"), "a1111.infotext=ComfyUI;");
  EXPECT_EQ(rules(", Version: Fooocus v2.5.0"), "a1111.infotext=Fooocus;");
  EXPECT_EQ(rules(", Civitai resources: [{\"type\":\"checkpoint\"}]"), "a1111.infotext=Civitai;");
}

TEST(WebUi, GivesWhatLinksPictures) {
  const Finding finding =
      only(png_with("parameters",
                    "a <lora:coast:0.8>\n" + kInfotext.substr(kInfotext.find("Steps")) +
                        ", Lora hashes: \"coast: 0a1b, light: 2c3d\", Hashes: {\"vae\": \"11aa\", "
                        "\"lora:coast\": \"0a1b\"}, Civitai resources: [{\"type\":\"lora\","
                        "\"modelVersionId\":77,\"modelName\":\"Shore\"}], Version: v1.9"),
           "a1111.infotext=AUTOMATIC1111;");
  EXPECT_EQ(field(finding, "lora"), "coast;light;Shore;");
  EXPECT_EQ(field(finding, "lora_hash"), "0a1b;2c3d;");
  EXPECT_EQ(field(finding, "vae_hash"), "11aa;");
  EXPECT_EQ(field(finding, "civitai_model_version"), "77;");
  EXPECT_EQ(field(finding, "software_version"), "v1.9;");
}

TEST(WebUi, PostprocessingIsNoGeneration) {
  const Finding finding = only(png_with("postprocessing", "Postprocess upscale by: 4"),
                               "a1111.postprocessing=AUTOMATIC1111;");
  EXPECT_NE(finding.statement.find("photographs too"), std::string::npos);
}

TEST(ComfyUi, InPng) {
  const std::string file = png_with("prompt", kComfyPrompt);
  const Finding finding = only(file, "comfyui.png-text=ComfyUI;");
  EXPECT_EQ(field(finding, "model"), "v1-5.safetensors;");
  EXPECT_EQ(field(finding, "lora"), "coast.safetensors;");
  EXPECT_EQ(field(finding, "seed"), "42;");
  EXPECT_EQ(field(finding, "sampler"), "euler;");
  EXPECT_EQ(field(finding, "scheduler"), "normal;");
  EXPECT_EQ(field(finding, "cfg_scale"), "8.0;");
  EXPECT_EQ(prompts(file),
            "positive:a lighthouse on a cliff;negative:fog, rain;unassigned:unused words;");
}

TEST(ComfyUi, OneWorkflowHasOneDigest) {
  const auto digest = [](const std::string& graph) {
    return field(findings_in(png_with("prompt", graph)).at(0), "graph_sha256");
  };
  std::string other = kComfyPrompt;
  const auto replace = [&](const std::string& from, const std::string& to) {
    for (size_t at = other.find(from); at != std::string::npos;
         at = other.find(from, at + to.size())) {
      other.replace(at, from.size(), to);
    }
  };
  replace("\"9\"", "\"90\"");
  replace("a lighthouse on a cliff", "another thing");
  replace("42", "43");
  replace("v1-5.safetensors", "xl.safetensors");
  EXPECT_EQ(digest(other).size(), 65u);
  EXPECT_EQ(digest(other), digest(kComfyPrompt));
  replace("KSampler", "KSamplerAdvanced");
  EXPECT_NE(digest(other), digest(kComfyPrompt));
}

TEST(ComfyUi, Workflow) {
  const std::string file = png_with("workflow",
                                    R"({"last_node_id": 9, "nodes": [
        {"id": 3, "type": "KSampler", "inputs": [{"name": "positive", "link": 1}, {"name": "negative", "link": 2}],
         "widgets_values": [42, "fixed", 20, 8, "euler", "normal", 1]},
        {"id": 4, "type": "CheckpointLoaderSimple", "widgets_values": ["v1-5.safetensors"]},
        {"id": 6, "type": "CLIPTextEncode", "widgets_values": ["a lighthouse"]},
        {"id": 7, "type": "CLIPTextEncode", "widgets_values": ["fog"]}],
        "links": [[1, 6, 0, 3, 1, "CONDITIONING"], {"id": 2, "origin_id": 7, "origin_slot": 0}]})");
  const Finding finding = only(file, "comfyui.png-text=ComfyUI;");
  EXPECT_EQ(field(finding, "model"), "v1-5.safetensors;");
  EXPECT_EQ(field(finding, "seed"), "42;");
  EXPECT_EQ(field(finding, "sampler"), "euler;");
  EXPECT_EQ(field(finding, "workflow_sha256").size(), 65u);
  EXPECT_EQ(prompts(file), "positive:a lighthouse;negative:fog;");
}

TEST(ComfyUi, InExifOfWebpWhichIsNoCamera) {
  TestExif exif;
  exif.main = {exif.text(0x010f, R"(workflow:{"nodes":[{"id":1,"type":"Note"}],"links":[]})"),
               exif.text(0x0110, "prompt:" + kComfyPrompt)};
  EXPECT_EQ(rules_in(webp_with_exif(exif)), "comfyui.exif=ComfyUI;comfyui.exif=ComfyUI;");
  for (const Finding& finding : findings_in(webp_with_exif(exif))) {
    EXPECT_EQ(finding.kind, "generator_mark");
  }
}

TEST(ComfyUi, InApngAndUserComment) {
  EXPECT_EQ(rules_in(metadata::png_file(metadata::png_chunk("comf", "prompt\0"s + kComfyPrompt))),
            "comfyui.png-comf=ComfyUI;");
  EXPECT_EQ(rules_in(jpeg_with_user_comment(kComfyPrompt)), "comfyui.user-comment=ComfyUI;");
  EXPECT_EQ(rules_in(jpeg_with_user_comment("{\"prompt\":" + kComfyPrompt + "}")),
            "comfyui.user-comment=ComfyUI;");
}

TEST(ComfyUi, OfCivitai) {
  const std::string file = jpeg_with_user_comment(
      R"({"a":{"class_type":"CheckpointLoaderSimple","inputs":{"ckpt_name":"urn:air:sdxl:checkpoint:civitai:1@2"}},
          "extraMetadata":"{\"prompt\":\"a pier\",\"negativePrompt\":\"fog\",\"steps\":25}"})");
  const auto findings = findings_in(file);
  EXPECT_EQ(rules_in(findings), "comfyui.user-comment=ComfyUI;civitai.extra-metadata=Civitai;");
  EXPECT_EQ(field(findings.at(0), "service"), "Civitai;");
  EXPECT_EQ(field(findings.at(1), "steps"), "25;");
  EXPECT_EQ(prompts(file), "positive:a pier;negative:fog;");
}

TEST(InvokeAi, Metadata) {
  const std::string file = png_with(
      "invokeai_metadata",
      R"({"app_version":"4.2.1","generation_mode":"sdxl_txt2img","positive_prompt":"a pier","negative_prompt":"fog",
          "seed":7,"scheduler":"euler","model":{"name":"jug","hash":"blake3:ab"},
          "loras":[{"model":{"name":"coast","hash":"cd"},"weight":0.7}]})");
  const Finding finding = only(file, "invokeai.metadata=InvokeAI;");
  EXPECT_EQ(field(finding, "model"), "jug;");
  EXPECT_EQ(field(finding, "model_hash"), "blake3:ab;");
  EXPECT_EQ(field(finding, "lora"), "coast;");
  EXPECT_EQ(field(finding, "lora_hash"), "cd;");
  EXPECT_EQ(field(finding, "software_version"), "4.2.1;");
  EXPECT_EQ(prompts(file), "positive:a pier;negative:fog;");
}

TEST(InvokeAi, GraphAndWorkflow) {
  const Finding graph = only(
      png_with("invokeai_graph",
               R"({"id":"g","nodes":{"a":{"type":"compel","prompt":"a pier"},"b":{"type":"l2i"}},
          "edges":[{"source":{"node_id":"a","field":"c"},"destination":{"node_id":"b","field":"d"}}]})"),
      "invokeai.graph=InvokeAI;");
  EXPECT_EQ(field(graph, "graph_sha256").size(), 65u);
  EXPECT_EQ(field(graph, "other_prompt_bytes"), "6;");
  only(png_with("invokeai_workflow", R"({"nodes":[{"data":{"type":"l2i"}}],"edges":[]})"),
       "invokeai.workflow=InvokeAI;");
}

TEST(InvokeAi, OldForms) {
  const std::string second = png_with(
      "sd-metadata",
      R"({"app_id":"invoke-ai/InvokeAI","app_version":"2.3.0","model_weights":"sd15","model_hash":"ab",
          "image":{"prompt":[{"prompt":"a pier [fog]","weight":1}],"sampler":"k_lms","seed":7,"steps":50}})");
  EXPECT_EQ(field(only(second, "invokeai.sd-metadata=InvokeAI;"), "model"), "sd15;");
  EXPECT_EQ(prompts(second), "positive:a pier;negative:fog;");
  const std::string first =
      png_with("Dream", "\"a pier [fog]\" -s 50 -S 7 -W 512 -H 768 -C 7.5 -A k_lms");
  const Finding finding = only(first, "invokeai.dream=InvokeAI;");
  EXPECT_EQ(field(finding, "seed"), "7;");
  EXPECT_EQ(field(finding, "sampler"), "k_lms;");
  EXPECT_EQ(prompts(first), "positive:a pier;negative:fog;");
}

const std::string kFooocus =
    R"({"prompt":"a pier","negative_prompt":"fog","prompt_expansion":"a pier, sharp","base_model":"jug","base_model_hash":"ae",
        "sampler":"dpmpp","scheduler":"karras","seed":"7","loras":[["coast",0.1,"cd"]],"version":"Fooocus v2.3.1",
        "metadata_scheme":"fooocus","full_prompt":["a pier","more words"]})";

TEST(Fooocus, ItsOwnScheme) {
  const std::string file = png_with("parameters", kFooocus);
  const Finding finding = only(file, "fooocus.png-text=Fooocus;");
  EXPECT_EQ(field(finding, "model"), "jug;");
  EXPECT_EQ(field(finding, "lora_hash"), "cd;");
  EXPECT_EQ(field(finding, "seed"), "7;");
  EXPECT_EQ(prompts(file),
            "positive:a pier;positive:a pier, sharp;negative:fog;positive:more words;");
  EXPECT_EQ(rules_in(jpeg_with_user_comment(kFooocus)), "fooocus.exif=Fooocus;");
  EXPECT_EQ(rules_in(png_with("Comment", kFooocus)), "fooocus.comment=Fooocus;");
  EXPECT_EQ(rules_in(metadata::jpeg_file(metadata::jpeg_segment(0xfe, kFooocus))),
            "fooocus.comment=Fooocus;");
}

TEST(Fooocus, TheSchemeOfTheWebUi) {
  EXPECT_EQ(rules_in(metadata::png_file(png_text("parameters", kInfotext) +
                                        png_text("fooocus_scheme", "a1111"))),
            "fooocus.a1111-scheme=Fooocus;");
  TestExif exif;
  exif.details = {user_comment(exif, kInfotext), exif.bytes(0x927c, "a1111\0"s)};
  EXPECT_EQ(rules_in(jpeg_with_exif(exif)), "fooocus.a1111-scheme=Fooocus;");
  exif.main = {exif.text(0x0131, "Fooocus v2.5.0")};
  exif.details.pop_back();
  EXPECT_EQ(rules_in(jpeg_with_exif(exif)), "fooocus.a1111-scheme=Fooocus;");
}

const std::string kSwarm =
    R"({"sui_image_params":{"prompt":"a pier","negativeprompt":"fog","model":"xl","seed":7,"cfgscale":7.0,
        "loras":["coast"],"swarm_version":"0.9.2"},"sui_models":[{"name":"xl.safetensors","param":"model","hash":"0xab"}]})";

TEST(SwarmUi, EverywhereItWrites) {
  const std::string file = png_with("parameters", kSwarm);
  const Finding finding = only(file, "swarmui.png-text=SwarmUI;");
  EXPECT_EQ(field(finding, "model"), "xl;xl.safetensors;");
  EXPECT_EQ(field(finding, "model_hash"), "0xab;");
  EXPECT_EQ(field(finding, "lora"), "coast;");
  EXPECT_EQ(field(finding, "software_version"), "0.9.2;");
  EXPECT_EQ(prompts(file), "positive:a pier;negative:fog;");
  EXPECT_EQ(rules_in(jpeg_with_user_comment(kSwarm)), "swarmui.exif=SwarmUI;");
  TestExif exif;
  exif.main = {exif.text(0x0110, kSwarm)};
  EXPECT_EQ(rules_in(jpeg_with_exif(exif)), "swarmui.exif=SwarmUI;");
}

const std::string kNovelAi =
    R"({"steps":28,"sampler":"k_euler","seed":7,"scale":5.0,"uc":"fog","request_type":"PromptGenerateRequest",
        "prompt":"a pier","v4_prompt":{"caption":{"base_caption":"a pier","char_captions":[{"char_caption":"a gull"}]}}})";

TEST(NovelAi, InPng) {
  const std::string file = metadata::png_file(
      png_text("Title", "NovelAI generated image") + png_text("Description", "a pier") +
      png_text("Software", "NovelAI") + png_text("Source", "NovelAI Diffusion V4 37442FCA") +
      png_text("Comment", kNovelAi));
  const Finding finding = only(file, "novelai.png-text=NovelAI;");
  EXPECT_EQ(field(finding, "model"), "NovelAI Diffusion V4 37442FCA;");
  EXPECT_EQ(field(finding, "signature"), "absent;");
  EXPECT_EQ(field(finding, "seed"), "7;");
  EXPECT_EQ(prompts(file), "positive:a pier;negative:fog;positive:a gull;");
}

TEST(NovelAi, InExif) {
  TestExif exif;
  exif.main = {exif.text(0x010d, "NovelAI generated image"), exif.text(0x010e, "a pier"),
               exif.text(0x0131, "NovelAI Diffusion V4 37442FCA")};
  std::string quoted;
  for (const char c : kNovelAi) quoted += (c == '"' ? "\\"s : ""s) + (c == '\n' ? ' ' : c);
  for (const std::string& comment : {kNovelAi, "{\"Comment\":\"" + quoted + "\"}"}) {
    exif.details = {user_comment(exif, comment)};
    EXPECT_EQ(rules_in(webp_with_exif(exif)), "novelai.exif=NovelAI;");
    EXPECT_EQ(prompts(webp_with_exif(exif)), "positive:a pier;negative:fog;positive:a gull;");
  }
}

TEST(DrawThings, InPngAndXmp) {
  const std::string settings =
      R"({"c":"a pier","uc":"fog","steps":8,"sampler":"DPM++","seed":7,"scale":5,"model":"xl.ckpt","lora":[{"model":"coast.ckpt"}]})";
  const std::string png =
      metadata::png_file(png_text("Software", "Draw Things") + png_text("Comment", settings));
  const Finding finding = only(png, "draw-things.png-text=Draw Things;");
  EXPECT_EQ(field(finding, "lora"), "coast.ckpt;");
  EXPECT_EQ(prompts(png), "positive:a pier;negative:fog;");
  EXPECT_EQ(rules_in(jpeg_with_xmp("exif:UserComment='" + settings + "'")),
            "draw-things.xmp=Draw Things;");
}

TEST(EasyDiffusion, InPngAndExif) {
  const std::string keys = metadata::png_file(
      png_text("prompt", "a pier") + png_text("negative_prompt", "fog") + png_text("seed", "7") +
      png_text("use_stable_diffusion_model", "sd-v1-5") + png_text("num_inference_steps", "25"));
  const Finding finding = only(keys, "easy-diffusion.png-text=Easy Diffusion;");
  EXPECT_EQ(field(finding, "model"), "sd-v1-5;");
  EXPECT_EQ(prompts(keys), "positive:a pier;negative:fog;");
  EXPECT_EQ(rules_in(metadata::png_file(png_text("Prompt", "a pier") + png_text("Steps", "25") +
                                        png_text("Stable Diffusion model", "sd-v1-5"))),
            "easy-diffusion.png-text=Easy Diffusion;");
  EXPECT_EQ(
      rules_in(jpeg_with_user_comment(
          R"({"prompt":"a pier","use_stable_diffusion_model":"sd","num_inference_steps":25})")),
      "easy-diffusion.exif=Easy Diffusion;");
}

const std::string kJob = "0b7ad374-1c1f-4c5c-a5a5-0123456789ab";

TEST(Services, Midjourney) {
  const std::string text = "a pier --no fog --seed 7 --v 6.1 Job ID: " + kJob;
  const std::string file =
      metadata::png_file(png_text("Description", text) + png_text("Author", "someone"));
  const Finding finding = only(file, "midjourney.png-text=Midjourney;");
  EXPECT_EQ(field(finding, "job_id"), kJob + ";");
  EXPECT_EQ(field(finding, "software_version"), "6.1;");
  EXPECT_EQ(prompts(file), "positive:a pier;negative:fog;");
  EXPECT_EQ(rules_in(jpeg_with_xmp("i:DigImageGUID='" + kJob +
                                   "' dc:description='a pier Job ID: " + kJob + "'")),
            "midjourney.xmp=Midjourney;");
}

TEST(Services, InExif) {
  TestExif exif;
  exif.main = {exif.text(0x010f, "Black Forest Labs"), exif.text(0x0110, "flux-dev"),
               exif.text(0x0131, "AI generated;txt2img;flux")};
  EXPECT_EQ(field(only(jpeg_with_exif(exif), "bfl.exif=Black Forest Labs;"), "model"), "flux-dev;");
  exif.main = {exif.text(0x010f, "Ideogram AI")};
  only(jpeg_with_exif(exif), "ideogram.exif=Ideogram;");
  const std::string signature = "Signature: " + std::string(300, 'A') + "==";
  exif.main = {exif.text(0x010e, signature), exif.text(0x013b, kJob)};
  EXPECT_EQ(field(only(jpeg_with_exif(exif), "grok.exif=xAI Grok;"), "picture_id"), kJob + ";");
  exif.main.erase(exif.main.begin());
  exif.details = {user_comment(exif, signature)};
  only(jpeg_with_exif(exif), "grok.exif=xAI Grok;");
}

TEST(Services, HuggingFaceJob) {
  only(png_with("hf-job-id", kJob), "huggingface.job=Hugging Face job;");
}

TEST(AigcLabel, EverywhereItStands) {
  const std::string label = R"({"Label":"1","ContentProducer":"Maker","ProduceID":"7"})";
  const Finding finding = only(png_with("AIGC", label), "tc260.png-text=AIGC label;");
  EXPECT_EQ(field(finding, "label"), "1;");
  EXPECT_EQ(field(finding, "content_producer"), "Maker;");
  const std::string wrapped = "{\"AIGC\":" + label + "}";
  only(png_with("AIGC", wrapped), "tc260.png-text=AIGC label;");
  only(jpeg_with_user_comment(wrapped), "tc260.exif=AIGC label;");
  TestExif exif;
  exif.main = {exif.text(0x010e, wrapped)};
  only(jpeg_with_exif(exif), "tc260.exif=AIGC label;");
  only(jpeg_with_xmp("TC260:AIGC='" + label + "'"), "tc260.xmp=AIGC label;");
}

TEST(AigcLabel, SaysHowSureItIs) {
  const auto statement = [](const std::string& level) {
    return findings_in(png_with("AIGC", R"({"Label":")" + level + R"(","ProduceID":"7"})"))
        .at(0)
        .statement;
  };
  EXPECT_NE(statement("1").find("that it is generated"), std::string::npos);
  EXPECT_NE(statement("2").find("may be"), std::string::npos);
  EXPECT_NE(statement("3").find("suspected"), std::string::npos);
  EXPECT_NE(statement("9").find("does not have"), std::string::npos);
}

/// A trailer with one block, which begins `back` bytes before the directory.
std::string trailer(const std::string& name, const std::string& data) {
  using metadata::le;
  const std::string block = le(0, 2) + le(0x0ba1, 2) + le(name.size(), 4) + name + data;
  return block + "SEFH" + le(107, 4) + le(1, 4) + le(0, 2) + le(0x0ba1, 2) + le(block.size(), 4) +
         le(block.size(), 4) + le(24, 4) + "SEFT";
}

TEST(Samsung, TrailerOfTheEditor) {
  const std::string data = R"({"originalPath":"\/x","genAIType":3})";
  const std::string file = metadata::jpeg_file("") + trailer("PhotoEditor_Re_Edit_Data", data);
  const Finding finding = only(file, "samsung.gen-ai-type=Samsung Galaxy AI;");
  EXPECT_EQ(field(finding, "gen_ai_type"), "3;");
  EXPECT_EQ(file.substr(finding.place.offset_bytes, finding.place.length_bytes), data);
  for (const std::string value : {"0", "-1", "\"3\"", "3.5"}) {
    EXPECT_EQ(rules_in(metadata::jpeg_file("") +
                       trailer("PhotoEditor_Re_Edit_Data", "{\"genAIType\":" + value + "}")),
              "");
  }
  EXPECT_EQ(rules_in(metadata::jpeg_file("") + trailer("Other", data)), "");
  EXPECT_EQ(rules_in(file + "x"), "");
  EXPECT_EQ(rules_in(metadata::jpeg_file("") + data), "");
}

TEST(Samsung, TrailerInABoxOfHeif) {
  const std::string data = R"({"genAIType":1})";
  const std::string trailer_box = metadata::box("sefd", trailer("PhotoEditor_Re_Edit_Data", data));
  const std::string type = metadata::box("ftyp", "heic" + metadata::be(0, 4) + "mif1");
  const std::string file = type + trailer_box + metadata::box("free", "behind it");
  const Finding finding = only(file, "samsung.gen-ai-type=Samsung Galaxy AI;");
  EXPECT_EQ(file.substr(finding.place.offset_bytes, finding.place.length_bytes), data);
  EXPECT_EQ(rules_in(type + metadata::box("free", trailer_box)), "");
  for (size_t size = 0; size < trailer_box.size(); ++size) {
    EXPECT_EQ(rules_in(type + trailer_box.substr(0, size)), "") << size;
  }
}

TEST(Samsung, TrailerIsCutAndChangedWithoutHarm) {
  const std::string picture = metadata::jpeg_file("");
  const std::string whole = trailer("PhotoEditor_Re_Edit_Data", "{\"genAIType\":1}");
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(rules_in(picture + whole.substr(0, size)), "");
    EXPECT_EQ(rules_in(picture + whole.substr(size + 1)), "") << size;
    std::string changed = picture + whole;
    changed[picture.size() + size] = '\xff';
    findings_in(changed);
  }
}

TEST(DeclaredOrigin, GroupsOfSourceTypes) {
  const auto origin = [](const std::string& type) {
    return only(jpeg_with_xmp("i:DigitalSourceType='" + type + "'"), "iptc.digital-source-type=;");
  };
  const std::string base = "http://cv.iptc.org/newscodes/digitalsourcetype/";
  const Finding generated = origin(base + "trainedAlgorithmicMedia");
  EXPECT_EQ(generated.kind, "declared_origin");
  EXPECT_EQ(generated.grade, Grade::declared);
  EXPECT_EQ(field(generated, "source_type"), "trainedAlgorithmicMedia;");
  EXPECT_EQ(field(generated, "group"), "fully_generated;");
  EXPECT_NE(generated.statement.find("unsigned declaration that anybody can write"),
            std::string::npos);
  const Finding composite = origin(base + "compositeWithTrainedAlgorithmicMedia");
  EXPECT_EQ(field(composite, "group"), "contains_generated;");
  EXPECT_NE(composite.statement.find("small retouch of a photograph"), std::string::npos);
  EXPECT_EQ(field(origin("digitalCapture"), "group"), "capture;");
  EXPECT_EQ(field(origin(base + "screenCapture/"), "group"), "synthetic_without_ai;");
  EXPECT_EQ(field(origin("digsrctype:humanEdits"), "group"), "edited;");
  EXPECT_EQ(field(origin("somethingNew"), "group"), "unknown;");
}

TEST(DeclaredOrigin, AiFields) {
  const std::string file = jpeg_with_xmp(
      "i:AISystemUsed='Paint 4' i:AISystemVersionUsed='4.1' i:AIPromptInformation='a pier' "
      "i:AIPromptWriterName='Somebody'");
  const Finding finding = only(file, "iptc.ai-fields=;");
  EXPECT_EQ(field(finding, "ai_system"), "Paint 4;");
  EXPECT_EQ(field(finding, "ai_system_version"), "4.1;");
  EXPECT_EQ(field(finding, "prompt_writer"), "Somebody;");
  EXPECT_EQ(field(finding, "other_prompt_bytes"), "6;");
  EXPECT_EQ(prompts(file), "unassigned:a pier;");
}

TEST(DeclaredOrigin, CreditOfGoogle) {
  only(jpeg_with_xmp("photoshop:Credit='Made with Google AI'"), "google.credit=Google AI;");
  only(jpeg_with_xmp("photoshop:Credit=' Edited with Google AI '"), "google.credit=Google AI;");
  const std::string credit = "\x1c\2\x6e" + metadata::be(19, 2) + "Made with Google AI";
  only(metadata::jpeg_file(metadata::jpeg_segment(
           0xed, "Photoshop 3.0\0"s + metadata::photoshop_resource(0x0404, credit))),
       "google.credit=Google AI;");
}

TEST(HiddenText, IsReadByItsForm) {
  EXPECT_EQ(rules_in(findings_of_hidden_text(kInfotext, {})), "a1111.infotext=AUTOMATIC1111;");
  EXPECT_EQ(rules_in(findings_of_hidden_text(kSwarm, {})), "swarmui.hidden=SwarmUI;");
  const std::string fields =
      R"({"Software":"NovelAI","Description":"a pier","Comment":"{\"uc\":\"fog\",\"steps\":1}"})";
  const auto findings = findings_of_hidden_text(fields, {});
  EXPECT_EQ(rules_in(findings), "novelai.png-text=NovelAI;");
  EXPECT_EQ(field(findings.at(0), "carrier"), "pixels;");
  EXPECT_EQ(prompts_of_hidden_text(fields, {}).size(), 2u);
  EXPECT_TRUE(findings_of_hidden_text("words", {}).empty());
}

}  // namespace
}  // namespace safelight::marks

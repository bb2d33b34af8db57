#!/usr/bin/env python3
"""Writes the tiny ONNX models that tests of detectors use, and large ones of random weights for measurements.

    tools/make_onnx_models.py testdata/onnx       the tiny ones
    tools/make_onnx_models.py --large FOLDER      the size of a ResNet-50 and of a ViT-S/16, each with its card

The protocol buffers are written by hand: field numbers are those of onnx.proto (IR version 8, opset 17). Every
byte follows from this file."""
import argparse
import hashlib
import json
import random
import struct
from array import array
from pathlib import Path

IR_VERSION = 8
OPSET = 17
FLOAT, INT64, BOOL = 1, 7, 9


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while True:
        out.append(value & 127 | (128 if value > 127 else 0))
        value >>= 7
        if not value:
            return bytes(out)


def number(field, value):
    return varint(field << 3) + varint(value)


def chunk(field, payload):
    if isinstance(payload, str):
        payload = payload.encode()
    return varint(field << 3 | 2) + varint(len(payload)) + payload


def float32(field, value):
    return varint(field << 3 | 5) + struct.pack("<f", value)


def tensor(name, dims, values, kind=FLOAT):
    raw = array("f" if kind == FLOAT else "q", values).tobytes()
    return b"".join(number(1, d) for d in dims) + number(2, kind) + chunk(8, name) + chunk(9, raw)


def external_tensor(name, dims, location):
    entry = chunk(1, "location") + chunk(2, location)
    return b"".join(number(1, d) for d in dims) + number(2, FLOAT) + chunk(8, name) + chunk(13, entry) + number(14, 1)


def attribute(name, value):
    if isinstance(value, float):
        return chunk(1, name) + float32(2, value) + number(20, 1)
    if isinstance(value, int):
        return chunk(1, name) + number(3, value) + number(20, 2)
    if isinstance(value, bytes):
        return chunk(1, name) + chunk(6, value) + number(20, 5)  # a graph
    return chunk(1, name) + b"".join(number(8, v) for v in value) + number(20, 7)


def value_info(name, dims, kind=FLOAT):
    """A tensor; a dimension that is a text is a name for an open one."""
    shape = b"".join(chunk(1, chunk(2, d) if isinstance(d, str) else number(1, d)) for d in dims)
    return chunk(1, name) + chunk(2, chunk(1, number(1, kind) + chunk(2, shape)))


class Model:
    def __init__(self, input_dims, output_dims, input_name="picture", output_name="score"):
        self.nodes, self.tensors, self.names = [], [], 0
        self.input = value_info(input_name, input_dims)
        self.output = value_info(output_name, output_dims)

    def node(self, kind, inputs, output=None, **attributes):
        """Adds a node; gives the name of its output."""
        if output is None:
            self.names += 1
            output = f"t{self.names}"
        self.nodes.append(b"".join(chunk(1, i) for i in inputs) + chunk(2, output) + chunk(4, kind)
                          + b"".join(chunk(5, attribute(n, v)) for n, v in attributes.items()))
        return output

    def constant(self, dims, values, kind=FLOAT):
        self.names += 1
        self.tensors.append(tensor(f"w{self.names}", dims, values, kind))
        return f"w{self.names}"

    def encode(self):
        graph = (b"".join(chunk(1, n) for n in self.nodes) + chunk(2, "graph")
                 + b"".join(chunk(5, t) for t in self.tensors) + chunk(11, self.input) + chunk(12, self.output))
        return number(1, IR_VERSION) + chunk(2, "safelight") + chunk(7, graph) + chunk(8, number(2, OPSET))


# The tiny models look at 8x8 pixels.
SIDE = 8


def mean_of(model, source, weights):
    """The mean over the picture of a weighted sum of its channels: one value for each row of weights."""
    kernel = model.constant([len(weights), 3, 1, 1], [w for row in weights for w in row])
    pooled = model.node("GlobalAveragePool", [model.node("Conv", [source, kernel])])
    return pooled


def mean_model(weights, batch="batch", output_dims=None):
    model = Model([batch, 3, SIDE, SIDE], output_dims or [batch, len(weights)])
    model.node("Flatten", [mean_of(model, "picture", weights)], "score")
    return model


RED = [[1.0, 0.0, 0.0]]


def self_test():
    """y = (2 a + 3 b + 0.5), of which the answer to (1, 10) is 32.5."""
    model = Model([1, 2], [1, 1], "x", "y")
    product = model.node("MatMul", ["x", model.constant([2, 1], [2.0, 3.0])])
    model.node("Add", [product, model.constant([1], [0.5])], "y")
    return model


def mean_of_red_nhwc():
    model = Model(["batch", SIDE, SIDE, 3], ["batch", 1])
    planes = model.node("Transpose", ["picture"], perm=[0, 3, 1, 2])
    model.node("Flatten", [mean_of(model, planes, RED)], "score")
    return model


def probability():
    model = Model(["batch", 3, SIDE, SIDE], ["batch", 1])
    model.node("Sigmoid", [model.node("Flatten", [mean_of(model, "picture", RED)])], "score")
    return model


def flat_output():
    """One value a picture, without a dimension for it."""
    model = Model(["batch", 3, SIDE, SIDE], ["batch"])
    axes = model.constant([3], [1, 2, 3], INT64)
    model.node("Squeeze", [mean_of(model, "picture", RED), axes], "score")
    return model


def not_a_number():
    model = Model(["batch", 3, SIDE, SIDE], ["batch", 1])
    shifted = model.node("Sub", [model.node("Flatten", [mean_of(model, "picture", RED)]), model.constant([1], [1000.0])])
    model.node("Sqrt", [shifted], "score")
    return model


def infinite():
    model = Model(["batch", 3, SIDE, SIDE], ["batch", 1])
    zero = model.node("Mul", [model.node("Flatten", [mean_of(model, "picture", RED)]), model.constant([1], [0.0])])
    model.node("Div", [model.constant([1], [1.0]), zero], "score")
    return model


def more_than_declared():
    """One value for each pixel, in a shape that only the values decide: no runtime can foresee it."""
    model = Model(["batch", 3, SIDE, SIDE], ["batch", "values"])
    red = model.node("Conv", ["picture", model.constant([1, 3, 1, 1], RED[0])])
    places = model.node("NonZero", [model.node("Add", [red, model.constant([1], [1000.0])])])
    first = model.node("Gather", [places, model.constant([1], [0], INT64)], axis=0)
    model.node("Cast", [first], "score", to=FLOAT)
    return model


def unknown_operator():
    model = Model(["batch", 3, SIDE, SIDE], ["batch", 1])
    model.node("NoSuchOperator", ["picture"], "score")
    return model


def weights_elsewhere():
    model = mean_model(RED)
    model.tensors = [external_tensor("w1", [1, 3, 1, 1], "weights.bin")]
    return model


def endless():
    """A loop of so many turns that none is the last."""
    model = Model(["batch", 3, SIDE, SIDE], ["batch", 1])
    start = model.node("Flatten", [mean_of(model, "picture", RED)])
    turns = model.constant([], [2 ** 62], INT64)
    copy = [chunk(1, i) + chunk(2, o) + chunk(4, "Identity") for i, o in (("go", "go_on"), ("now", "next"))]
    body = (b"".join(chunk(1, n) for n in copy) + chunk(2, "turn") + chunk(11, value_info("turn", [], INT64))
            + chunk(11, value_info("go", [], BOOL)) + chunk(11, value_info("now", ["batch", 1]))
            + chunk(12, value_info("go_on", [], BOOL)) + chunk(12, value_info("next", ["batch", 1])))
    model.node("Loop", [turns, "", start], "score", body=body)
    return model


def memory_hungry():
    """Spreads one value over 16 GB."""
    model = Model(["batch", 3, SIDE, SIDE], [1, 1])
    start = model.node("Flatten", [mean_of(model, "picture", RED)])
    spread = model.node("Expand", [start, model.constant([2], [40_000, 100_000], INT64)])
    model.node("ReduceMean", [spread], "score", axes=[0, 1], keepdims=1)
    return model


def edges():
    """A convolution of 3x3 with padding, a rectifier and a mean: what a plain loop can compute again."""
    rng = random.Random(1)
    model = Model(["batch", 3, SIDE, SIDE], ["batch", 1])
    kernel = model.constant([4, 3, 3, 3], [rng.uniform(-1, 1) for _ in range(4 * 27)])
    bright = model.node("Relu", [model.node("Conv", ["picture", kernel], pads=[1, 1, 1, 1])])
    pooled = model.node("Flatten", [model.node("GlobalAveragePool", [bright])])
    model.node("MatMul", [pooled, model.constant([4, 1], [1.0, -1.0, 0.5, 0.25])], "score")
    return model


TINY = {
    "self_test": self_test,
    "mean_of_red": lambda: mean_model(RED),
    "mean_of_red_one_by_one": lambda: mean_model(RED, batch=1),
    "mean_of_red_in_fives": lambda: mean_model(RED, batch=5),
    "mean_of_red_nhwc": mean_of_red_nhwc,
    "red_and_blue": lambda: mean_model([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]),
    "three_values": lambda: mean_model([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    "probability": probability,
    "flat_output": flat_output,
    "not_a_number": not_a_number,
    "infinite": infinite,
    "more_than_declared": more_than_declared,
    "unknown_operator": unknown_operator,
    "weights_elsewhere": weights_elsewhere,
    "endless": endless,
    "memory_hungry": memory_hungry,
    "edges": edges,
}


class Weights:
    """Random weights of a spread that keeps activations of one size through the layers."""

    def __init__(self, model, seed):
        self.model, self.rng = model, random.Random(seed)

    def spread(self, dims, inputs):
        count = 1
        for d in dims:
            count *= d
        bound = (3.0 / inputs) ** 0.5
        values = self.rng.random
        return self.model.constant(dims, array("f", [bound * (2 * values() - 1) for _ in range(count)]))

    def same(self, dims, value):
        count = 1
        for d in dims:
            count *= d
        return self.model.constant(dims, [value] * count)


def resnet50():
    """The layers of a ResNet-50 (bottlenecks 3, 4, 6, 3), batch normalisation folded into the convolutions."""
    model = Model(["batch", 3, 224, 224], ["batch", 1])
    weights = Weights(model, 50)

    def convolve(source, inputs, outputs, side, stride):
        kernel = weights.spread([outputs, inputs, side, side], inputs * side * side)
        pad = side // 2
        return model.node("Conv", [source, kernel, weights.same([outputs], 0.01)], kernel_shape=[side, side],
                          strides=[stride, stride], pads=[pad] * 4)

    def rectify(source):
        return model.node("Relu", [source])

    x = rectify(convolve("picture", 3, 64, 7, 2))
    x = model.node("MaxPool", [x], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    channels = 64
    for width, blocks, first_stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
        for block in range(blocks):
            stride = first_stride if block == 0 else 1
            y = rectify(convolve(x, channels, width, 1, 1))
            y = rectify(convolve(y, width, width, 3, stride))
            y = convolve(y, width, 4 * width, 1, 1)
            if block == 0:
                x = convolve(x, channels, 4 * width, 1, stride)
            x = rectify(model.node("Add", [x, model.node("Mul", [y, model.constant([1], [0.3])])]))
            channels = 4 * width
    x = model.node("Flatten", [model.node("GlobalAveragePool", [x])])
    model.node("MatMul", [x, weights.spread([2048, 1], 2048)], "score")
    return model


def vit_s():
    """The layers of a ViT-S/16 on 224x224: 12 blocks, 6 heads, width 384, LayerNormalization of opset 17."""
    width, heads, blocks, tokens, batch = 384, 6, 12, 197, "batch"
    model = Model([batch, 3, 224, 224], [batch, 1])
    weights = Weights(model, 16)

    def normalise(x):
        return model.node("LayerNormalization", [x, weights.same([width], 1.0), weights.same([width], 0.0)],
                          axis=-1, epsilon=1e-6)

    def linear(x, inputs, outputs):
        product = model.node("MatMul", [x, weights.spread([inputs, outputs], inputs)])
        return model.node("Add", [product, weights.same([outputs], 0.01)])

    def reshape(x, dims):
        return model.node("Reshape", [x, model.constant([len(dims)], dims, INT64)])

    def gelu(x):
        scaled = model.node("Erf", [model.node("Div", [x, model.constant([1], [2 ** 0.5])])])
        grown = model.node("Add", [scaled, model.constant([1], [1.0])])
        return model.node("Mul", [model.node("Mul", [x, grown]), model.constant([1], [0.5])])

    kernel = weights.spread([width, 3, 16, 16], 3 * 256)
    x = model.node("Conv", ["picture", kernel], kernel_shape=[16, 16], strides=[16, 16])
    x = model.node("Transpose", [reshape(x, [0, width, tokens - 1])], perm=[0, 2, 1])
    # A class token for each picture of the batch: the mean of its patches and a learnt offset.
    mean = model.node("ReduceMean", [x], axes=[1], keepdims=1)
    token = model.node("Add", [mean, weights.spread([1, 1, width], 1)])
    x = model.node("Concat", [token, x], axis=1)
    x = model.node("Add", [x, weights.spread([1, tokens, width], 1)])
    size = width // heads
    for _ in range(blocks):
        y = normalise(x)
        queries, keys, values = (reshape(linear(y, width, width), [0, tokens, heads, size]) for _ in range(3))
        queries = model.node("Transpose", [queries], perm=[0, 2, 1, 3])
        keys = model.node("Transpose", [keys], perm=[0, 2, 3, 1])
        values = model.node("Transpose", [values], perm=[0, 2, 1, 3])
        products = model.node("MatMul", [queries, keys])
        shares = model.node("Softmax", [model.node("Mul", [products, model.constant([1], [size ** -0.5])])], axis=-1)
        y = model.node("Transpose", [model.node("MatMul", [shares, values])], perm=[0, 2, 1, 3])
        x = model.node("Add", [x, linear(reshape(y, [0, tokens, width]), width, width)])
        x = model.node("Add", [x, linear(gelu(linear(normalise(x), width, 4 * width)), 4 * width, width)])
    first = model.node("Gather", [normalise(x), model.constant([1], [0], INT64)], axis=1)
    model.node("MatMul", [reshape(first, [0, width]), weights.spread([width, 1], width)], "score")
    return model


def card_for(name, encoded):
    return {
        "card": 1,
        "name": f"random weights of the size of {name}",
        "model": f"{name}.onnx",
        "sha256": hashlib.sha256(encoded).hexdigest(),
        "licence": "Apache-2.0",
        "source": "tools/make_onnx_models.py",
        "input": {"name": "picture", "width": 224, "height": 224, "layout": "nchw", "channel_order": "rgb"},
        "resize": {"policy": "shorter_side", "side": 256, "kernel": "bilinear"},
        "crop": {"policy": "centre"},
        "normalisation": {"value_range": "0..1", "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]},
        "output": {"name": "score", "proposition": "synthetic", "form": "logit", "values": 1, "index": 0},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for name, make in ({"resnet50": resnet50, "vit_s": vit_s} if arguments.large else TINY).items():
        encoded = make().encode()
        (arguments.folder / f"{name}.onnx").write_bytes(encoded)
        if arguments.large:
            card = json.dumps(card_for(name, encoded), indent=2)
            (arguments.folder / f"{name}.json").write_text(card + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

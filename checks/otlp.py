"""An OTLP request and a Prometheus page go in; out comes the word that every counter, every bucket and every sum of the one
is in the other, or what differs, and exit code 1. checks/otlp runs it."""

import re
import sys

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import AGGREGATION_TEMPORALITY_CUMULATIVE

LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')


def key(name, labels):
    return name, tuple(sorted(labels))


def read_request(path):
    with open(path, "rb") as file:
        request = ExportMetricsServiceRequest.FromString(file.read())
    series = {}
    for resource in request.resource_metrics:
        for scope in resource.scope_metrics:
            assert scope.scope.name == "resilience" and scope.scope.version, scope.scope
            for metric in scope.metrics:
                assert metric.description.endswith("."), metric.name
                assert metric.unit != "1", metric.name
                name = metric.name.replace(".", "_") + ("_seconds" if metric.unit == "s" else "")
                kind = metric.WhichOneof("data")
                for point in getattr(metric, kind).data_points:
                    labels = [(label.key, label.value.string_value) for label in point.attributes]
                    if kind == "histogram":
                        assert metric.histogram.aggregation_temporality == AGGREGATION_TEMPORALITY_CUMULATIVE
                        assert sum(point.bucket_counts) == point.count, name
                        below = 0
                        for end, count in zip(point.explicit_bounds, point.bucket_counts):
                            below += count
                            series[key(name + "_bucket", labels + [("le", float(end))])] = below
                        series[key(name + "_count", labels)] = point.count
                        series[key(name + "_sum", labels)] = point.sum
                    else:
                        if kind == "sum":
                            assert metric.sum.is_monotonic, name
                            assert metric.sum.aggregation_temporality == AGGREGATION_TEMPORALITY_CUMULATIVE
                        value = point.as_int if point.WhichOneof("value") == "as_int" else point.as_double
                        series[key(name + ("_total" if kind == "sum" else ""), labels)] = value
    return series


def unescaped(text):
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text)


def read_page(path):
    series = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith("#"):
                continue
            text, value = line.rsplit(" ", 1)
            name, _, labels = text.partition("{")
            labels = [(label, unescaped(text)) for label, text in LABEL.findall(labels)]
            labels = [(label, float(text)) if label == "le" else (label, text) for label, text in labels]
            if ("le", float("inf")) not in labels:
                series[key(name, labels)] = float(value)
    return series


def main():
    sent, page = read_request(sys.argv[1]), read_page(sys.argv[2])
    wrong = []
    # Gauges may have moved in between; that they are known by the same names is asked of all.
    counted = ("_total", "_bucket", "_count", "_sum")
    for series, value in sent.items():
        if series not in page:
            wrong.append(f"{series} was sent and is not on the page")
        elif series[0].endswith(counted) and abs(page[series] - value) > 2e-6:
            wrong.append(f"{series}: {value} was sent, the page says {page[series]}")
    for series, value in page.items():
        if series[0].endswith(counted) and value != 0 and series not in sent:
            wrong.append(f"{series} is {value} on the page and was not sent")
    if wrong or len(sent) < 30:
        sys.exit("\n".join(wrong) or f"only {len(sent)} series were sent")
    print(f"ok: {len(sent)} series, of {len(page)} on the page")


main()

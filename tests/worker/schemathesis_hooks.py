# What the description of the API can say in words only, for `npm run conformance`.

import schemathesis

MAX_EXACT = 2**53 - 1


@schemathesis.hook
def map_case(context, case):
    """JSON Schema counts 287.0 as an integer; an amount must be written 287. No value changes, nor what it is valid for."""
    if case.body and has_whole_floats(case.body):
        case.body = without_whole_floats(case.body)
    return case


@schemathesis.hook
def filter_case(context, case):
    """Of the bodies that are to be accepted, leaves out those with more won than can be counted exactly."""
    is_positive = case.meta is not None and case.meta.generation.mode.is_positive
    return not is_positive or all(won <= MAX_EXACT for won in sums(case.body))


def has_whole_floats(value):
    if isinstance(value, dict):
        return any(map(has_whole_floats, value.values()))
    if isinstance(value, list):
        return any(map(has_whole_floats, value))
    return isinstance(value, float) and value.is_integer()


def without_whole_floats(value):
    if isinstance(value, dict):
        return {name: without_whole_floats(part) for name, part in value.items()}
    if isinstance(value, list):
        return [without_whole_floats(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def sums(body):
    """What a well-formed body expects: in total, in number, and all amounts together."""
    expect = body.get("expect") if isinstance(body, dict) else None
    if expect is None:
        return []
    amounts = [request["amount"] for request in expect.get("requests") or []]
    return [int(expect.get("total") or 0), int(expect.get("count") or 0), sum(map(int, amounts))]

import { expect } from 'vitest';
import type { JsonValue } from '../../../../lib/wire/json.ts';
import { type ConformanceCase, computing, machine, succeeded } from './case.ts';

const products = [
  { name: 'hat', price: 20, tags: ['wool'] },
  { name: 'scarf', price: 35, tags: ['wool', 'red'] },
  { name: 'boot', price: 90, tags: [] },
];

const computes = (
  name: string,
  expression: string,
  output: JsonValue,
  input: JsonValue = { products },
): ConformanceCase => ({
  name,
  machine: computing(expression),
  input,
  expected: succeeded(output),
});

const queryError = (cause: string) => ({
  status: 'FAILED',
  error: 'States.QueryEvaluationError',
  cause: expect.stringContaining(cause),
});

const breaks = (name: string, expression: string, cause: string): ConformanceCase => ({
  name,
  machine: computing(expression),
  input: { products },
  expected: queryError(cause),
});

/** https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html and https://docs.jsonata.org */
export const expressionCases: readonly ConformanceCase[] = [
  computes('a filter that keeps several items gives an array', '$states.input.products[price > 25].name', [
    'scarf',
    'boot',
  ]),
  computes(
    'a filter that keeps one item gives the item, not an array of it',
    '$states.input.products[price > 50].name',
    'boot',
  ),
  computes('empty brackets keep an array of one', '$states.input.products[price > 50].name[]', ['boot']),
  computes('an array constructor keeps an array of one', '[$states.input.products[price > 50].name]', [
    'boot',
  ]),
  computes(
    'an array constructor around nothing is an empty array',
    '[$states.input.products[price > 500]]',
    [],
  ),
  computes('an index counts from the front', '$states.input.products[0].name', 'hat'),
  computes('a negative index counts from the back', '$states.input.products[-1].name', 'boot'),
  computes('a path over an array of one gives the value', '$states.input.one.x', 1, { one: [{ x: 1 }] }),
  computes('an array of one that is read whole stays an array', '$states.input.one', [{ x: 1 }], {
    one: [{ x: 1 }],
  }),
  computes('nested arrays are flattened by a path', '$states.input.products.tags', ['wool', 'wool', 'red']),
  computes('a sort orders ascending', '$states.input.products^(name).name', ['boot', 'hat', 'scarf']),
  computes('a sort orders descending', '$states.input.products^(>price).name', ['boot', 'scarf', 'hat']),
  computes('$sort takes a comparison', '$sort([3, 1, 2], function($a, $b) { $a < $b })', [3, 2, 1]),
  computes('$map gives value and index', '$map([5, 6], function($v, $i) { $v * 10 + $i })', [50, 61]),
  computes('$map over one item gives the bare result', '$map([5], function($v) { $v + 1 })', 6),
  computes('$filter over several', '$filter([1, 2, 3], function($v) { $v != 2 })', [1, 3]),
  computes('$filter that keeps one gives the bare item', '$filter([1, 2, 3], function($v) { $v = 2 })', 2),
  computes('$reduce folds', '$reduce([1, 2, 3], function($a, $b) { $a + $b })', 6),
  computes(
    '$sum, $count, $max and $average',
    '[$sum($states.input.products.price), $count($states.input.products), $max([1, 9]), $average([1, 3])]',
    [145, 3, 9, 2],
  ),
  computes(
    '$merge puts objects together',
    '$merge([$states.input.a, {"y": 2}])',
    { x: 1, y: 2 },
    { a: { x: 1 } },
  ),
  computes('a grouping makes an object', '$states.input.products{name: price}', {
    hat: 20,
    scarf: 35,
    boot: 90,
  }),
  computes('an object constructor drops keys without a value', '{"a": 1, "b": $states.input.nothing}', {
    a: 1,
  }),
  computes('$distinct keeps an array of one', '$distinct([1, 1])', [1]),
  computes('$split keeps an array of one', '$split("a", ",")', ['a']),
  computes('$keys of one key gives the bare key', '$keys({"a": 1})', 'a'),
  computes('a condition chooses', '$states.input.n > 1 ? "many" : "one"', 'many', { n: 2 }),
  computes('strings are joined by &', '"Hello " & $states.input.name & "!"', 'Hello Ada!', { name: 'Ada' }),
  computes(
    'variables and recursion live within a block',
    '($f := function($n) { $n < 2 ? 1 : $n * $f($n - 1) }; $f(5))',
    120,
  ),
  computes('functions chain', '$states.input.name ~> $uppercase ~> $length', 3, { name: 'Ada' }),
  computes(
    'a transform changes a copy',
    '$states.input.o ~> |$|{"x": 2}|',
    { x: 2, y: 1 },
    { o: { x: 1, y: 1 } },
  ),
  computes('null is a value', '$states.input.n', null, { n: null }),
  computes('the range operator gives plain numbers', '[1..4]', [1, 2, 3, 4]),
  computes('$now and $millis read the clock of the execution', '[$now(), $millis(), $now("[Y]")]', [
    '2026-01-05T09:00:00.000Z',
    Date.UTC(2026, 0, 5, 9),
    '2026',
  ]),
  computes('$partition splits, the rest last', '$partition([1, 2, 3, 4, 5], 2)', [[1, 2], [3, 4], [5]]),
  computes(
    '$range includes its end when a step lands there',
    '[$range(0, 10, 5), $range(3, 0, -2)]',
    [0, 5, 10, 3, 1],
  ),
  computes('$range of one number collapses', '$range(4, 4, 1)', 4),
  computes('$hash gives lower-case hex', '$hash("abc", "MD5")', '900150983cd24fb0d6963f7d28e17f72'),
  computes(
    '$hash knows the SHA family',
    '[$length($hash("a", "SHA-1")), $length($hash("a", "SHA-256")), $length($hash("a", "SHA-384")), $length($hash("a", "SHA-512"))]',
    [40, 64, 96, 128],
  ),
  computes('$random with a seed repeats', '$random(7) = $random(7) and $random(7) != $random(8)', true),
  computes(
    '$uuid gives a version 4',
    '$match($uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/).index',
    0,
  ),
  computes('$parse reads JSON text', '$parse("{\\"a\\": [1]}").a[0]', 1),
  {
    name: 'expressions are found in nested objects and arrays; other strings and keys stay as they are',
    machine: machine({
      A: {
        Type: 'Pass',
        Output: {
          list: ['{% 1 + 1 %}', { deep: '{%$states.input.x%}' }],
          text: 'say {% 1 %}',
          '{% 1 %}': true,
        },
        End: true,
      },
    }),
    input: { x: 'y' },
    expected: succeeded({ list: [2, { deep: 'y' }], text: 'say {% 1 %}', '{% 1 %}': true }),
  },
  breaks(
    'an expression that gives nothing fails the state',
    '$states.input.absent',
    "'$states.input.absent' specified for the field 'Output' returned nothing (undefined)",
  ),
  breaks('a variable never assigned fails the state', '$price', 'returned nothing'),
  breaks('a function is no value', 'function($x) { $x }', 'a function'),
  breaks('a function inside a value is none either', '{"f": $sum}', 'a function'),
  breaks('a type error fails the state', '1 + "a"', 'T2002'),
  breaks('$error fails the state with its message', '$error("no stock")', 'no stock'),
  breaks('$eval is disabled', '$eval("1")', '$eval is not available'),
  breaks('infinity is no JSON', '1/0', 'Infinity'),
  breaks('$hash wants a known algorithm', '$hash("a", "sha256")', '$hash knows'),
  breaks('$hash without an algorithm gives nothing', '$hash("a")', 'returned nothing'),
  breaks('$partition into chunks of nothing gives nothing', '$partition([1], 0)', 'returned nothing'),
  breaks('$range against its step gives nothing', '$range(1, 5, -1)', 'returned nothing'),
  breaks('$parse of broken text fails', '$parse("{")', 'threw an error'),
  {
    name: 'the failing field is named within the state',
    machine: machine({ A: { Type: 'Pass', Output: { list: [1, '{% $states.input.absent %}'] }, End: true } }),
    input: {},
    expected: queryError("specified for the field 'Output/list[1]'"),
  },
];

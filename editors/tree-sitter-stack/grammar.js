/**
 * The grammar of .stack files for editors. The compiler's own parser decides what a file means; this one gives
 * colours, folds and structure, and must accept whatever the compiler accepts.
 */
/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

const OR = 1, AND = 2, COMPARE = 3, RANGE = 4, COALESCE = 5, NOT = 6

/** Items between commas, line breaks free. */
const items = ($, item) =>
  seq(repeat($._break), optional(seq(
    item, repeat(seq(repeat($._break), ',', repeat($._break), item)),
    repeat($._break), optional(seq(',', repeat($._break))),
  )))

/** Statements or entries, each on its line or before a comma. */
const lines = ($, line) =>
  seq(repeat($._end), optional(seq(line, repeat(seq(repeat1($._end), line)), repeat($._end))))

module.exports = grammar({
  name: 'stack',

  extras: $ => [/[ \t\r\ufeff]/, $.comment, $.doc_comment],
  word: $ => $.identifier,

  rules: {
    source_file: $ => lines($, $._statement),

    _break: _ => '\n',
    _end: _ => choice('\n', ','),

    _statement: $ => choice($.use, $.let, $.param, $.type_definition, $.check, $.setting, $.block, alias($.word_block, $.block)),

    use: $ => seq(
      'use', field('from', choice($.path, $.string)),
      optional(field('names', $.import_list)),
      optional(seq('as', field('alias', $.identifier))),
    ),
    import_list: $ => seq('{', items($, $.identifier), '}'),

    let: $ => seq('let', field('name', $.identifier), optional(seq(':', field('type', $._type))), '=', field('value', $._expression)),
    param: $ => seq('param', field('name', $.identifier), optional(seq(':', field('type', $._type))), optional(seq('=', field('default', $._expression)))),
    type_definition: $ => seq('type', field('name', $.identifier), '=', field('type', $._type), optional(seq('where', field('condition', $._expression)))),
    check: $ => seq('check', field('condition', $._expression), optional(seq('else', field('message', $._expression)))),

    setting: $ => seq(field('key', $._key), field('operator', choice('=', '+=')), field('value', $._expression)),
    // Words that start statements are keys too, as in `type = "loadbalancer"`.
    _key: $ => choice($.path, $.string, alias($._word_path, $.path)),
    _word_path: $ => seq(alias(choice('use', 'let', 'param', 'type', 'check'), $.identifier), repeat(seq('.', choice($.identifier, $.integer)))),

    block: $ => seq(
      field('kind', $.identifier),
      choice(
        seq(repeat1(field('label', $._label)), optional($._from), optional($._target), optional(field('body', $.body))),
        seq($._from, optional($._target), optional(field('body', $.body))),
        seq($._target, optional(field('body', $.body))),
        field('body', $.body),
      ),
    ),
    // Words that start statements are kinds too, where a body follows at once.
    word_block: $ => seq(field('kind', alias(choice('use', 'let', 'param', 'type'), $.identifier)), field('body', $.body)),
    _label: $ => choice($.path, $.string, $.raw_string),
    _from: $ => seq('from', field('template', $.path)),
    _target: $ => seq('->', field('target', $.path)),
    body: $ => seq('{', lines($, $._statement), '}'),

    _type: $ => choice($.named_type, $.list_type, $.literal_type),
    named_type: $ => seq(optional('secret'), $.path, optional('?')),
    list_type: $ => seq('[', $._type, ']', optional('?')),
    literal_type: $ => seq($.string, repeat(seq('|', repeat($._break), $.string)), optional('?')),

    _expression: $ => choice($.binary, $.not, $.conditional, $.quantified, $._atom),
    binary: $ => choice(
      ...[['||', OR], ['&&', AND], ['..', RANGE], ['??', COALESCE]].map(([sign, power]) =>
        prec.left(power, seq(field('left', $._expression), field('operator', sign), repeat($._break), field('right', $._expression)))),
      prec.left(COMPARE, seq(
        field('left', $._expression),
        field('operator', choice('==', '!=', '<', '<=', '>', '>=', 'in')),
        repeat($._break),
        field('right', $._expression),
      )),
    ),
    not: $ => prec(NOT, seq('!', $._expression)),
    conditional: $ => prec.right(seq(
      'if', field('condition', $._expression), repeat($._break),
      'then', repeat($._break), field('then', $._expression), repeat($._break),
      'else', repeat($._break), field('else', $._expression),
    )),

    quantified: $ => prec.right(seq(
      field('quantifier', choice('all', 'any')), field('name', $.identifier), 'in', field('elements', $._expression),
      ':', repeat($._break), field('condition', $._expression),
    )),

    _atom: $ => choice(
      $.integer, $.float, $.quantity, $.rate, $.string, $.raw_string, $.boolean, $.none,
      $.path, $.call, $.list, $.map, $.group,
    ),
    boolean: _ => choice('true', 'false'),
    none: _ => 'none',
    call: $ => prec(1, seq(field('function', $.path), '(', items($, $._expression), ')')),
    list: $ => seq('[', items($, $._expression), ']'),
    map: $ => seq('{', lines($, $.entry), '}'),
    entry: $ => seq(field('key', $._key), '=', field('value', $._expression)),
    group: $ => seq('(', repeat($._break), $._expression, repeat($._break), ')'),

    // Quantifiers are ordinary names where no name follows them.
    path: $ => prec.left(seq(choice($.identifier, alias(choice('all', 'any'), $.identifier)), repeat(seq('.', choice($.identifier, $.integer))))),
    identifier: _ => /[A-Za-z_](-*[A-Za-z0-9_])*/,

    integer: _ => /[0-9][0-9_]*/,
    float: _ => /[0-9][0-9_]*\.[0-9]+/,
    quantity: _ => /[0-9][0-9_]*(\.[0-9]+)?([A-Za-z][A-Za-z0-9]*|%)/,
    rate: _ => /[0-9][0-9_]*(\.[0-9]+)?\/[A-Za-z]+/,

    string: $ => seq('"', repeat(choice($.string_content, $.escape, $.interpolation)), token.immediate('"')),
    string_content: _ => token.immediate(prec(1, /([^"\\\n$]|\$[^{$"\\\n]|\$\$[^{"\\\n])+|\$/)),
    escape: _ => token.immediate(prec(2, choice(/\\u\{[0-9A-Fa-f]+\}/, /\\[^\n]/, '$${'))),
    interpolation: $ => seq(token.immediate(prec(2, '${')), $._expression, '}'),
    raw_string: $ => seq('"""', optional($.raw_content), token.immediate('"""')),
    raw_content: _ => token.immediate(prec(1, /([^"]|"[^"]|""[^"])+/)),

    comment: _ => token(choice(seq('#', /[^\n]*/), seq('//', /[^\n]*/))),
    doc_comment: _ => token(prec(1, /##([^#\n][^\n]*)?/)),
  },
})

(comment) @comment
(doc_comment) @comment.documentation

["use" "as"] @keyword.import
["let" "param" "type" "check" "from" "where" "in" "secret"] @keyword
["if" "then" "else"] @keyword.conditional
(quantified quantifier: _ @keyword.operator)
(quantified name: (identifier) @variable.parameter)
(boolean) @boolean
(none) @constant.builtin

(block kind: (identifier) @type)
(block kind: (identifier) @keyword (#eq? @keyword "template"))
(block label: (path (identifier) @constant))
(block label: (string) @string.special)
(block template: (path (identifier) @function))
(block target: (path (identifier) @constant))
(setting key: (path (identifier) @property))
(setting key: (string) @property)
(entry key: (path (identifier) @property))
(entry key: (string) @property)
(let name: (identifier) @variable)
(param name: (identifier) @variable.parameter)
(type_definition name: (identifier) @type)
(named_type (path (identifier) @type.builtin))
(import_list (identifier) @variable)
(use from: (path (identifier) @module))
(use from: (string) @string.special.path)
(call function: (path (identifier) @function.builtin))

[(integer) (float) (quantity) (rate)] @number
(string) @string
(raw_string) @string
(escape) @string.escape
(interpolation ["${" "}"] @punctuation.special)

["=" "+=" "->" "==" "!=" "<" "<=" ">" ">=" "&&" "||" "??" ".." "!" "|" "?"] @operator
["{" "}" "[" "]" "(" ")"] @punctuation.bracket
["," "." ":"] @punctuation.delimiter

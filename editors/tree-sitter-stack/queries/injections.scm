((comment) @injection.content (#set! injection.language "comment"))

; Patches hold text of the target that they name.
((block kind: (identifier) @_kind label: (path (identifier) @injection.language) label: (raw_string (raw_content) @injection.content))
  (#eq? @_kind "patch"))

; Commands of jobs and steps are shell.
((setting key: (path (identifier) @_key) value: (raw_string (raw_content) @injection.content))
  (#any-of? @_key "run" "command" "dump" "restore" "verify")
  (#set! injection.language "bash"))

[(body) (map) (list) (import_list) (raw_string)] @fold

//! Text by the place where it goes: one type per sink, one encoder each. Must not offer a raw string to an artifact:
//! none of these types prints what it was given, only what its sink reads back as the same text.

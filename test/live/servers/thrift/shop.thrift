include "base.thrift"

namespace * shop
namespace js shop

typedef i64 Cents

enum Colour { RED = 1, GREEN, BLUE = 0x10 }

struct Item {
  1: required string name,
  2: optional Cents price,
  3: optional Colour colour,
  4: optional list<string> tags,
  5: optional map<string, i32> stock,
  6: optional Item part, # a structure in itself
  7: optional set<i16> sizes,
  8: optional double weight = 1.5,
  9: optional bool sold,
  10: optional byte level,
  11: optional binary picture,
  12: optional map<Colour, list<Item>> kin (note = "nested"),
}

union Key {
  1: i32 id
  2: string name
}

exception NotFound {
  1: string what
  2: Colour colour
}

service Shop extends base.Base {
  Item get(1: Key key) throws (1: NotFound missing),
  Item keep(1: Item item, 2: bool again = false),
  i64 add(1: i64 a, 2: i64 b),
  list<i32> count(1: i32 upTo),
  oneway void log(1: string line),
  i32 wait(1: i32 milliseconds),
  string fail()
}

// What clients may know and servers do not.
service Newer extends Shop {
  void missing(1: i32 number)
}

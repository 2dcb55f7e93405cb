/*
 * The hook point's types, as the host describes them (hooks/src/schema/descriptor.rs writes this format).
 *
 *   Type ──record──▶ RecordType ──fields──▶ Field ──▶ Type
 *   Spot: a place in the argument buffer that every call has at the same offset; views of it need no allocation
 *
 * Everything here is made once, before the script is loaded, and is part of the program's image.
 */
#ifndef TH_SCHEMA_H
#define TH_SCHEMA_H

typedef enum Kind {
  K_BOOLEAN, K_INTEGER, K_FLOAT, K_STRING, K_ADDRESS, K_PREFIX, K_ENUMERATION, K_OPTIONAL, K_LIST, K_MAP, K_RECORD
} Kind;

typedef struct Variant { TString *name; int64_t value; } Variant;

typedef struct Field {
  TString *name;
  const struct Type *type;
  uint32_t offset;
  uint8_t writable;
} Field;

typedef struct Type {
  uint8_t kind;
  uint32_t slot;                /* bytes that a value takes in its record or list */
  const struct Type *inner;     /* optional, list, map */
  TString *name;                /* enumeration, record */
  uint32_t count;               /* variants, fields */
  uint32_t max;                 /* bytes of a string, elements of a list or map */
  int64_t least, most;          /* integer */
  Variant *variants;
  Field *fields;
  uint8_t *index;               /* record: position from 1 by hash of the name, 0: free */
  uint32_t mask;                /* its size less one, a power of two less one */
} Type;

typedef struct Spot {
  uint16_t number;              /* position in th_spots */
  const Type *type;             /* record, list or map (of an optional: what is in it) */
  uint32_t at;                  /* in the argument buffer */
  const char *path;             /* for messages */
  uint8_t writable;             /* lies in an inout argument */
  uint8_t argument;             /* position of the argument it is, from 1; 0: inside one */
  struct Spot **children;       /* record: one per field, null for scalars */
  struct Changes *changes;      /* record in an inout argument: what was written to it */
  int overlay;                  /* registry reference of the table with changed values */
} Spot;

/* The part of a place that calls write. */
typedef struct Changes {
  struct Spot *next;            /* list of nodes with changes */
  uint8_t any;
  uint8_t field[];              /* one per field */
} Changes;

typedef struct Argument { TString *name; const Type *type; uint32_t offset; Spot *node; uint8_t inout; } Argument;
typedef struct Constant { TString *name; int64_t value; } Constant;

static Type *th_types;
static Argument *th_arguments;
static uint32_t th_argument_count;
static Constant *th_constants;
static uint32_t th_constant_count;
static TString *th_handler_name;
static int th_handler = LUA_NOREF;
static Spot *th_dirty;
/* All places, by number; views carry the number. */
static Spot **th_spots;
static uint32_t th_spot_count, th_spot_cap;

#define TH_MAX_SPOTS 65536u

static void add_spot(Spot *s) {
  if (th_spot_count == TH_MAX_SPOTS) th_out_of_memory(0);
  if (th_spot_count == th_spot_cap) {
    th_spot_cap = th_spot_cap == 0 ? 32 : 2 * th_spot_cap;
    th_spots = th_room(th_spots, th_spot_cap * sizeof(Spot *));
  }
  s->number = (uint16_t)th_spot_count;
  th_spots[th_spot_count++] = s;
}

typedef struct Reader { const uint8_t *at; } Reader;
static uint8_t read_u8(Reader *r) { return *r->at++; }
static uint16_t read_u16(Reader *r) { uint16_t v = get_u16(r->at); r->at += 2; return v; }
static uint32_t read_u32(Reader *r) { uint32_t v = get_u32(r->at); r->at += 4; return v; }
static int64_t read_i64(Reader *r) { int64_t v = get_i64(r->at); r->at += 8; return v; }

/* Names are kept in a table of their own, so that the registry stays small. */
static int th_names = LUA_NOREF;
static uint32_t th_name_count;

/* A string of the descriptor, interned and kept for good. */
static TString *read_name(lua_State *L, Reader *r) {
  uint16_t len = read_u16(r);
  if (th_names == LUA_NOREF) {
    lua_createtable(L, 64, 0);
    th_names = luaL_ref(L, LUA_REGISTRYINDEX);
  }
  lua_rawgeti(L, LUA_REGISTRYINDEX, th_names);
  lua_pushlstring(L, (const char *)r->at, len);
  r->at += len;
  TString *name = tsvalue(s2v(L->top.p - 1));
  lua_rawseti(L, -2, (lua_Integer)++th_name_count);
  lua_pop(L, 1);
  return name;
}

/* No more names follow. */
static void settle_names(lua_State *L) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, th_names);
  Table *t = hvalue(s2v(L->top.p - 1));
  luaH_resize(L, t, th_name_count, 0);
  if (th_name_count * sizeof(TValue) > TH_SMALL) settle(t->array, th_name_count * sizeof(TValue));
  lua_pop(L, 1);
}

/* Names of more than 40 bytes are not interned: their hash is made when it is asked for. */
static uint32_t name_hash(TString *name) { return name->tt == LUA_VSHRSTR ? name->hash : luaS_hashlongstr(name); }

static int same_name(TString *a, TString *b) {
  return a == b || (a->tt == LUA_VLNGSTR && b->tt == LUA_VLNGSTR && luaS_eqlngstr(a, b));
}

/* Position of the field from 1; 0 where there is none. */
static inline uint32_t find_field(const Type *t, TString *name) {
  for (uint32_t i = name_hash(name) & t->mask;; i = (i + 1) & t->mask) {
    uint32_t found = t->index[i];
    if (found == 0 || same_name(t->fields[found - 1].name, name)) return found;
  }
}

static void read_record(lua_State *L, Reader *r, Type *t) {
  t->name = read_name(L, r);
  t->count = read_u16(r);
  t->fields = th_settled_room(t->count * sizeof(Field));
  t->mask = 1;
  /* Half of it stays free at least, so that every search ends. */
  while (t->mask < 2 * t->count) t->mask = 2 * t->mask + 1;
  t->index = th_settled_room(t->mask + 1);
  memset(t->index, 0, t->mask + 1);
  for (uint32_t i = 0; i < t->count; i++) {
    Field *f = &t->fields[i];
    f->name = read_name(L, r);
    f->type = &th_types[read_u16(r)];
    f->offset = read_u32(r);
    f->writable = read_u8(r);
    t->slot += f->type->slot;
    uint32_t at = name_hash(f->name) & t->mask;
    while (t->index[at] != 0) at = (at + 1) & t->mask;
    t->index[at] = (uint8_t)(i + 1);
  }
}

static void read_type(lua_State *L, Reader *r, Type *t) {
  memset(t, 0, sizeof *t);
  t->kind = read_u8(r);
  t->slot = 8;
  switch ((Kind)t->kind) {
    case K_BOOLEAN: case K_FLOAT: break;
    case K_ADDRESS: case K_PREFIX: t->slot = 24; break;
    case K_STRING: t->max = read_u32(r); break;
    case K_INTEGER: t->least = read_i64(r); t->most = read_i64(r); break;
    case K_ENUMERATION:
      t->name = read_name(L, r);
      t->count = read_u16(r);
      t->variants = th_settled_room(t->count * sizeof(Variant));
      for (uint32_t i = 0; i < t->count; i++) {
        t->variants[i].name = read_name(L, r);
        t->variants[i].value = read_i64(r);
      }
      break;
    case K_OPTIONAL:
      t->inner = &th_types[read_u16(r)];
      t->slot = 8 + t->inner->slot;
      break;
    case K_LIST: case K_MAP:
      t->inner = &th_types[read_u16(r)];
      t->max = read_u32(r);
      break;
    case K_RECORD:
      t->slot = 0;
      read_record(L, r, t);
      break;
  }
}

static const char *join_path(const char *parent, const char *name) {
  size_t a = strlen(parent), b = strlen(name);
  char *path = th_settled_room(a + b + 2);
  memcpy(path, parent, a);
  path[a] = '.';
  memcpy(path + a + 1, name, b + 1);
  return path;
}

/* The node of a place, and those of the places inside it; null for scalars, which are read by value. */
static Spot *make_spot(lua_State *L, const Type *t, uint32_t at, const char *path, int writable) {
  while (t->kind == K_OPTIONAL) {
    t = t->inner;
    at += 8;
  }
  if (t->kind != K_RECORD && t->kind != K_LIST && t->kind != K_MAP) return NULL;
  Spot *n = th_settled_room(sizeof *n);
  memset(n, 0, sizeof *n);
  n->type = t;
  n->at = at;
  n->path = path;
  n->writable = (uint8_t)writable;
  n->overlay = LUA_NOREF;
  add_spot(n);
  if (t->kind == K_RECORD) {
    n->children = th_settled_room(t->count * sizeof(Spot *));
    if (writable) {
      n->changes = th_room(NULL, sizeof(Changes) + t->count);
      memset(n->changes, 0, sizeof(Changes) + t->count);
      lua_createtable(L, (int)t->count, 0);
      n->overlay = luaL_ref(L, LUA_REGISTRYINDEX);
    }
    for (uint32_t i = 0; i < t->count; i++) {
      const Field *f = &t->fields[i];
      Kind k = f->type->kind == K_OPTIONAL ? f->type->inner->kind : f->type->kind;
      const char *inner = k == K_RECORD || k == K_LIST || k == K_MAP ? join_path(path, getstr(f->name)) : NULL;
      n->children[i] = inner == NULL ? NULL : make_spot(L, f->type, at + f->offset, inner, writable);
    }
  }
  return n;
}

TH_EXPORT("th_declare") void th_declare(const uint8_t *bytes, uint32_t len) {
  lua_State *L = th_L;
  Reader reader = { bytes }, *r = &reader;
  (void)len;
  uint32_t types = read_u16(r);
  th_types = th_settled_room(types * sizeof(Type));
  for (uint32_t i = 0; i < types; i++) read_type(L, r, &th_types[i]);
  th_argument_count = read_u8(r);
  th_arguments = th_settled_room(th_argument_count * sizeof(Argument));
  uint32_t head = 0;
  for (uint32_t i = 0; i < th_argument_count; i++) {
    Argument *a = &th_arguments[i];
    a->name = read_name(L, r);
    a->type = &th_types[read_u16(r)];
    a->offset = read_u32(r);
    a->inout = read_u8(r);
    a->node = make_spot(L, a->type, a->offset, getstr(a->name), a->inout);
    if (a->node != NULL) a->node->argument = (uint8_t)(i + 1);
    head += a->type->slot;
  }
  th_constant_count = read_u16(r);
  th_constants = th_settled_room(th_constant_count * sizeof(Constant));
  for (uint32_t i = 0; i < th_constant_count; i++) {
    th_constants[i].name = read_name(L, r);
    th_constants[i].value = read_i64(r);
    lua_pushinteger(L, th_constants[i].value);
    lua_setglobal(L, getstr(th_constants[i].name));
  }
  th_handler_name = read_name(L, r);
  settle_names(L);
  /* Most calls' strings and lists fit beside the head; th_args makes more room for the others. */
  th_info_block.args_cap = head + 1024;
  th_info_block.args = (uint32_t)(uintptr_t)th_room(NULL, th_info_block.args_cap);
  /* Written as a whole before each call. */
  settle_buffer((void *)(uintptr_t)th_info_block.args, th_info_block.args_cap);
}

TH_EXPORT("th_args") uint32_t th_args(uint32_t len) {
  if (len > th_info_block.args_cap) {
    th_free((void *)(uintptr_t)th_info_block.args);
    th_info_block.args = (uint32_t)(uintptr_t)th_room(NULL, len);
    th_info_block.args_cap = len;
  }
  return th_info_block.args;
}

#endif

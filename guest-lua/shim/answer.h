/*
 * The handler's answer, encoded for the host (hooks/src/codec/wire.rs reads this format and says what is wrong with it).
 *
 * Tables are read raw: a proxy with __index or __pairs is the empty table that it is. What cannot travel (functions,
 * cycles, …) is marked at its place, so that the host can name the path. Nothing here calls back into Lua.
 */
#ifndef TH_ANSWER_H
#define TH_ANSWER_H

enum {
  W_NIL = 0, W_FALSE = 1, W_TRUE = 2, W_INTEGER = 3, W_FLOAT = 4, W_STRING = 5, W_TABLE = 6, W_END = 7,
  W_ADDRESS = 8, W_PREFIX = 9, W_CHANGES = 10, W_UNSUPPORTED = 11, W_CYCLE = 12, W_TOO_DEEP = 13, W_TOO_LARGE = 14,
  W_NOTHING = 15
};

#define TH_DEPTH 32

typedef struct Writer {
  uint8_t *at;
  uint32_t len, cap, limit;
  int full;
  int depth;
  const void *open[TH_DEPTH];   /* tables around the current one, for cycles */
} Writer;

/* Kept between calls of a kept executor; part of the image otherwise. */
static uint8_t *th_answer;
static uint32_t th_answer_cap;

static uint8_t *writer_room(Writer *w, uint32_t n) {
  if (l_unlikely(w->full)) return NULL;
  if (l_unlikely(n > w->limit || w->len > w->limit - n)) {
    /* One byte is always left for the mark. */
    w->full = 1;
    w->at[w->len++] = W_TOO_LARGE;
    return NULL;
  }
  if (l_unlikely(w->len + n + 1 > w->cap)) {
    uint32_t cap = w->cap;
    while (cap < w->len + n + 1) cap *= 2;
    th_answer = th_room(th_answer, cap);
    th_answer_cap = w->cap = cap;
    w->at = th_answer;
  }
  uint8_t *room = w->at + w->len;
  w->len += n;
  return room;
}

static void write_tag(Writer *w, uint8_t tag) {
  uint8_t *p = writer_room(w, 1);
  if (p != NULL) *p = tag;
}

static void write_bytes(Writer *w, uint8_t tag, const void *bytes, uint32_t n) {
  uint8_t *p = writer_room(w, 1 + n);
  if (p == NULL) return;
  *p = tag;
  memcpy(p + 1, bytes, n);
}

static void write_string(Writer *w, const TString *s) {
  uint32_t n = (uint32_t)tsslen(s);
  if (n > w->limit) { (void)writer_room(w, UINT32_MAX); return; }
  uint8_t *p = writer_room(w, 5 + n);
  if (p == NULL) return;
  *p = W_STRING;
  memcpy(p + 1, &n, 4);
  memcpy(p + 5, getstr(s), n);
}

static void write_value(lua_State *L, Writer *w, const TValue *v);

static int writer_open(Writer *w, const void *what) {
  if (w->depth == TH_DEPTH) { write_tag(w, W_TOO_DEEP); return 0; }
  for (int i = 0; i < w->depth; i++)
    if (w->open[i] == what) { write_tag(w, W_CYCLE); return 0; }
  w->open[w->depth++] = what;
  return 1;
}

static void write_table(lua_State *L, Writer *w, Table *t) {
  if (!writer_open(w, t)) return;
  write_tag(w, W_TABLE);
  unsigned array = luaH_realasize(t);
  for (unsigned i = 0; i < array && !w->full; i++) {
    if (isempty(&t->array[i])) continue;
    int64_t key = (int64_t)i + 1;
    write_bytes(w, W_INTEGER, &key, 8);
    write_value(L, w, &t->array[i]);
  }
  for (int i = 0; i < sizenode(t) && !w->full; i++) {
    Node *n = gnode(t, i);
    if (isempty(gval(n))) continue;
    TValue key;
    getnodekey(L, &key, n);
    write_value(L, w, &key);
    write_value(L, w, gval(n));
  }
  write_tag(w, W_END);
  w->depth--;
}

static int has_changes(const Spot *n) {
  if (n == NULL || n->changes == NULL) return 0;
  if (n->changes->any) return 1;
  for (uint32_t i = 0; i < n->type->count; i++)
    if (has_changes(n->children[i])) return 1;
  return 0;
}

/* The fields of an inout argument that the script wrote, by name. */
static void write_changes(lua_State *L, Writer *w, const Spot *n) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, n->overlay);
  Table *overlay = hvalue(s2v(L->top.p - 1));
  for (uint32_t i = 0; i < n->type->count && !w->full; i++) {
    if (n->changes->field[i]) {
      write_string(w, n->type->fields[i].name);
      write_value(L, w, luaH_getint(overlay, (lua_Integer)i + 1));
    } else if (has_changes(n->children[i])) {
      write_string(w, n->type->fields[i].name);
      write_tag(w, W_TABLE);
      write_changes(L, w, n->children[i]);
    }
  }
  lua_pop(L, 1);
  write_tag(w, W_END);
}

/* A value of the argument buffer, pushed and popped: nothing of it is a table, so this ends. */
static void write_top(lua_State *L, Writer *w) {
  write_value(L, w, s2v(L->top.p - 1));
  lua_pop(L, 1);
}

static void write_view(lua_State *L, Writer *w, const Place *p) {
  if (p->generation != th_generation) { write_bytes(w, W_UNSUPPORTED, "\x63", 1); return; }
  if (p->node != NULL && p->node->argument != 0 && p->node->changes != NULL) {
    write_bytes(w, W_CHANGES, &(uint8_t){(uint8_t)(p->node->argument - 1)}, 1);
    write_changes(L, w, p->node);
    return;
  }
  luaL_checkstack(L, 4, "answer");
  if (w->depth == TH_DEPTH) { write_tag(w, W_TOO_DEEP); return; }
  w->open[w->depth++] = NULL;
  write_tag(w, W_TABLE);
  if (p->type->kind == K_RECORD) {
    for (uint32_t i = 0; i < p->type->count && !w->full; i++) {
      push_field(L, p, i);
      if (!lua_isnil(L, -1)) {
        write_string(w, p->type->fields[i].name);
        write_value(L, w, s2v(L->top.p - 1));
      }
      lua_pop(L, 1);
    }
  } else {
    uint32_t count = place_count(p);
    for (uint32_t i = 0; i < count && !w->full; i++) {
      if (p->type->kind == K_LIST) {
        int64_t key = (int64_t)i + 1;
        write_bytes(w, W_INTEGER, &key, 8);
        push_element(L, p, i);
      } else {
        const uint8_t *slot = place_bytes(entry_at(p, i));
        lua_pushlstring(L, (const char *)place_bytes(get_u32(slot)), get_u32(slot + 4));
        write_top(L, w);
        push_slot(L, p->type->inner, entry_at(p, i) + 8, NULL);
      }
      write_top(L, w);
    }
  }
  write_tag(w, W_END);
  w->depth--;
}

static void write_value(lua_State *L, Writer *w, const TValue *v) {
  Place place;
  switch (ttypetag(v)) {
    case LUA_VNIL: case LUA_VEMPTY: case LUA_VABSTKEY: write_tag(w, W_NIL); return;
    case LUA_VFALSE: write_tag(w, W_FALSE); return;
    case LUA_VTRUE: write_tag(w, W_TRUE); return;
    case LUA_VNUMINT: write_bytes(w, W_INTEGER, &ivalue(v), 8); return;
    case LUA_VNUMFLT: write_bytes(w, W_FLOAT, &fltvalue(v), 8); return;
    case LUA_VSHRSTR: case LUA_VLNGSTR: write_string(w, tsvalue(v)); return;
    case LUA_VTABLE: write_table(L, w, hvalue(v)); return;
    default: break;
  }
  if (as_place(v, &place)) { write_view(L, w, &place); return; }
  if (ttisfulluserdata(v)) {
    const Table *meta = uvalue(v)->metatable;
    if (meta == th_address_meta) { write_bytes(w, W_ADDRESS, getudatamem(uvalue(v)), 24); return; }
    if (meta == th_prefix_meta) { write_bytes(w, W_PREFIX, getudatamem(uvalue(v)), 24); return; }
  }
  /* The Lua type, for the message; 0x63 is a view of an earlier call. */
  uint8_t type = (uint8_t)ttype(v);
  write_bytes(w, W_UNSUPPORTED, &type, 1);
}

/* Room for most answers, made once. */
static void answer_start(void) {
  if (th_answer != NULL) return;
  th_answer_cap = 256;
  th_answer = th_room(NULL, th_answer_cap);
  settle_buffer(th_answer, th_answer_cap);
}

static Writer writer_start(uint32_t limit) {
  Writer w;
  answer_start();
  w.at = th_answer;
  w.len = 0;
  w.cap = th_answer_cap;
  w.limit = limit;
  w.full = 0;
  w.depth = 0;
  return w;
}

#endif

/*
 * An error value that is a table, in words: `error value {code = 7, where = {"a", "b"}}`.
 *
 * Tables are read raw, so that no metamethod runs, and within bounds: on levels, fields of a table, slots in total (most
 * may be empty), bytes. What is left out is `...`.
 */
#ifndef TH_SHOW_H
#define TH_SHOW_H

enum {
  TH_SHOW_BYTES = 400,  /* of the whole text, less the mark of what is left out */
  TH_SHOW_STRING = 64,  /* bytes of one string */
  TH_SHOW_DEPTH = 3,    /* tables in tables */
  TH_SHOW_FIELDS = 16,  /* fields of one table */
  TH_SHOW_SLOTS = 256   /* slots of all tables that are looked at */
};

typedef struct Show {
  char text[TH_SHOW_BYTES + 3];
  uint32_t len, slots;
  int full;
  const Table *open[TH_SHOW_DEPTH];  /* tables around the current one, for cycles */
  int depth;
} Show;

static void show_value(lua_State *L, Show *s, const TValue *v);

static void show_bytes(Show *s, const char *bytes, uint32_t n) {
  if (s->full) return;
  s->full = n > TH_SHOW_BYTES - s->len;
  if (s->full) n = TH_SHOW_BYTES - s->len;
  memcpy(s->text + s->len, bytes, n);
  s->len += n;
  if (s->full) {
    memcpy(s->text + s->len, "...", 3);
    s->len += 3;
  }
}

static void show_text(Show *s, const char *text) { show_bytes(s, text, (uint32_t)strlen(text)); }

static void show_string(Show *s, const TString *string) {
  const uint8_t *p = (const uint8_t *)getstr(string);
  uint32_t n = (uint32_t)tsslen(string);
  uint32_t shown = n < TH_SHOW_STRING ? n : TH_SHOW_STRING;
  show_text(s, "\"");
  for (uint32_t i = 0; i < shown && !s->full; i++) {
    char escape[4] = {'\\', (char)('0' + p[i] / 100), (char)('0' + p[i] / 10 % 10), (char)('0' + p[i] % 10)};
    if (p[i] == '\n') show_bytes(s, "\\n", 2);
    else if (p[i] < ' ' || p[i] == 127) show_bytes(s, escape, 4);
    else {
      if (p[i] == '"' || p[i] == '\\') show_bytes(s, "\\", 1);
      show_bytes(s, (const char *)p + i, 1);
    }
  }
  show_text(s, shown < n ? "\"..." : "\"");
}

/* Whether the key can be written without brackets. */
static int is_word(const TString *string) {
  const char *p = getstr(string);
  uint32_t n = (uint32_t)tsslen(string);
  if (n == 0 || n > TH_SHOW_STRING || lisdigit(cast_uchar(p[0]))) return 0;
  for (uint32_t i = 0; i < n; i++)
    if (!lislalnum(cast_uchar(p[i]))) return 0;
  return 1;
}

static void show_key(lua_State *L, Show *s, const TValue *key) {
  if (ttisstring(key) && is_word(tsvalue(key))) show_bytes(s, getstr(tsvalue(key)), (uint32_t)tsslen(tsvalue(key)));
  else {
    show_text(s, "[");
    show_value(L, s, key);
    show_text(s, "]");
  }
  show_text(s, " = ");
}

static void show_table(lua_State *L, Show *s, Table *t) {
  unsigned array = luaH_realasize(t), nodes = (unsigned)sizenode(t), fields = 0;
  int holes = 0;
  for (int i = 0; i < s->depth; i++)
    if (s->open[i] == t) { show_text(s, "{...}"); return; }
  if (s->depth == TH_SHOW_DEPTH) { show_text(s, "{...}"); return; }
  s->open[s->depth++] = t;
  show_text(s, "{");
  for (unsigned i = 0; i < array + nodes && !s->full; i++) {
    const TValue *value = i < array ? &t->array[i] : gval(gnode(t, i - array));
    TValue key;
    if (s->slots == 0) { show_text(s, fields > 0 ? ", ..." : "..."); break; }
    s->slots--;
    if (isempty(value)) { holes = 1; continue; }
    if (fields++ > 0) show_text(s, ", ");
    if (fields > TH_SHOW_FIELDS) { show_text(s, "..."); break; }
    if (i >= array) {
      getnodekey(L, &key, gnode(t, i - array));
      show_key(L, s, &key);
    } else if (holes) {
      setivalue(&key, (lua_Integer)i + 1);
      show_key(L, s, &key);
    }
    show_value(L, s, value);
  }
  show_text(s, "}");
  s->depth--;
}

static void show_value(lua_State *L, Show *s, const TValue *v) {
  char number[MAXNUMBER2STR];
  Place place;
  switch (ttype(v)) {
    case LUA_TNIL: show_text(s, "nil"); return;
    case LUA_TBOOLEAN: show_text(s, l_isfalse(v) ? "false" : "true"); return;
    case LUA_TNUMBER: {
      TValue copy;
      setobj(L, &copy, v);
      show_bytes(s, number, (uint32_t)tostringbuff(&copy, number));
      return;
    }
    case LUA_TSTRING: show_string(s, tsvalue(v)); return;
    case LUA_TTABLE: show_table(L, s, hvalue(v)); return;
    default: break;
  }
  if (ttisfulluserdata(v)) {
    const Table *meta = uvalue(v)->metatable;
    if (meta == th_address_meta || meta == th_prefix_meta) {
      char text[64];
      show_bytes(s, text, (uint32_t)format_net(text, (const Net *)getudatamem(uvalue(v)), meta == th_prefix_meta));
      return;
    }
  }
  /* A record, list or map of the call's arguments by its name; anything else by its type. */
  show_text(s, as_place(v, &place) ? place_name(&place) : luaT_objtypename(L, v));
}

/* Pushes the table at `index`, which is the top, in words; 0, and nothing, where it is no table or says itself what it is. */
static int push_shown(lua_State *L, int index) {
  const TValue *v = index2value(L, index);
  Show s;
  if (!ttistable(v)) return 0;
  if (luaL_getmetafield(L, index, "__tostring") != LUA_TNIL) { lua_pop(L, 1); return 0; }
  s.len = 0;
  s.slots = TH_SHOW_SLOTS;
  s.full = 0;
  s.depth = 0;
  show_text(&s, "error value ");
  if (luaL_getmetafield(L, index, "__name") == LUA_TSTRING) {
    size_t n;
    const char *name = lua_tolstring(L, -1, &n);
    show_bytes(&s, name, n < TH_SHOW_STRING ? (uint32_t)n : TH_SHOW_STRING);
    show_text(&s, " ");
  }
  show_table(L, &s, hvalue(index2value(L, index)));
  lua_settop(L, index);
  lua_pushlstring(L, s.text, s.len);
  return 1;
}

#endif

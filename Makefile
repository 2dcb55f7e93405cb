# Each target sets up what it needs, once. `make demo` and `make test` are the ones to start with.

CARGO ?= cargo
PYTHON ?= python3
# Extra arguments of the demo, such as ROUTES=1000000 or MRT=updates.gz.
DEMO_ARGS := $(if $(ROUTES),--routes $(ROUTES)) $(if $(MRT),--mrt $(MRT))

# What release builds select: the features of a dependency follow from the selection, and another selection compiles
# wasmtime once more. Without the tests: these look into executors (feature `inspect`), which compares all memory per call.
WHOLE := --locked --workspace --exclude tenterhook-tests --features tenterhook-cli/native

.PHONY: build install help setup demo test test-api test-types bench fmt clippy doc book deny clean frr test-frr dist test-dist

# $(call tool,NAME,VERSION,ARGUMENTS): a program from the registry in target/tools, where it is not there already. It is
# built without optimisation and debug information, which is quicker and quick enough.
tool = target/tools/bin/$(1) --version 2>/dev/null | grep -qF $(2) || \
	CARGO_PROFILE_DEV_DEBUG=0 $(CARGO) install $(1) --version $(2) --locked --debug --root target/tools --quiet $(3)

help:
	@echo "make demo    three tenants' scripts decide routes under budgets; one loops, one is a memory bomb"
	@echo "make install  the command, its manual and completions under PREFIX (and DESTDIR); builds it first"
	@echo "make test    every test"
	@echo "make test-api  a running program against its openapi.json, with schemathesis, which is installed for it"
	@echo "make test-types  what \`tenterhook types\` writes, through a type checker for Lua that is installed for it"
	@echo "make fuzz    SECONDS=60 of the fuzzer for each of its targets"
	@echo "make bench   what calls cost, next to native Lua; writes target/bench/summary.json; fails if a target is missed"
	@echo "make fuel-search  SECONDS=60 of looking for scripts that get more time than their fuel pays for"
	@echo "make frr     the modules for FRR's bgpd and zebra, in target/frr; on Debian, as root the first time"
	@echo "make deb     Debian packages in target/deb: the command, the C library, the modules for FRR"
	@echo "make test-deb  the packages in a clean Debian: install, filter, reload, upgrade, remove, purge; as root"
	@echo "make install-lib  the C library, its header and pkg-config file under PREFIX (and DESTDIR); builds it first"
	@echo "make test-frr  the modules in real daemons, in network namespaces; as root. DIST=trixie: with Debian 13's FRR"
	@echo "make ci      every check that a change has to pass; .ci/run and the workflow on GitHub run the same"
	@echo "make api     the libraries' public items next to docs/api; BLESS=1 writes them there"
	@echo "make models  what threads share in every order in which threads can interleave, with loom"
	@echo "make ci-each  whether each published crate compiles alone, with its default features"
	@echo "make dist    the crates' packages in target/dist; test-dist builds on them as a stranger would"
	@echo "make doc     the Rust documentation in target/doc, the book in target/book"
	@echo "make setup   the pinned C compiler for the guest, in .venv (the others do this themselves)"

# Set up already where the stamp is newer than what it was made from.
setup: .venv/.stamp

.venv/.stamp: setup/requirements.txt setup/setup.sh
	@PYTHON="$(PYTHON)" CARGO="$(CARGO)" sh setup/setup.sh

BUILT ?= target/release/tenterhook
PREFIX ?= /usr/local
SHARE := $(DESTDIR)$(PREFIX)/share

build: setup
	$(CARGO) build --release --locked -p tenterhook-cli

# As another user than the one who built it: sudo make -o build install
install: build
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)/man/man1 $(SHARE)/bash-completion/completions \
		$(SHARE)/zsh/site-functions $(SHARE)/fish/vendor_completions.d
	install -m 755 $(BUILT) $(DESTDIR)$(PREFIX)/bin/tenterhook
	$(BUILT) man $(SHARE)/man/man1 >/dev/null
	$(BUILT) completions bash > $(SHARE)/bash-completion/completions/tenterhook
	$(BUILT) completions zsh > $(SHARE)/zsh/site-functions/_tenterhook
	$(BUILT) completions fish > $(SHARE)/fish/vendor_completions.d/tenterhook.fish

# The C library, with a soname and versioned symbols.
LIB_OUT := $(CURDIR)/target/lib
LIBDIR ?= $(PREFIX)/lib

.PHONY: lib install-lib deb test-deb
lib: setup
	$(CARGO) build --release $(WHOLE) --lib
	@sh packaging/library.sh target/release/libtenterhook_ffi.a "$(LIB_OUT)"

install-lib: lib
	install -d $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(PREFIX)/include
	install -m 644 ffi/include/tenterhook.h $(DESTDIR)$(PREFIX)/include/
	cp -P $(LIB_OUT)/libtenterhook.so* $(DESTDIR)$(LIBDIR)/
	sed 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|' $(LIB_OUT)/tenterhook.pc.in > $(DESTDIR)$(LIBDIR)/pkgconfig/tenterhook.pc

demo: setup
	$(CARGO) build --release $(WHOLE) --bin tenterhook
	target/release/tenterhook demo $(DEMO_ARGS)

test: setup
	$(CARGO) test --locked --workspace

# What is published, with the built guest inside: building on it needs neither zig nor Python.
dist: setup
	@CARGO="$(CARGO)" sh setup/dist.sh

test-dist: dist
	@CARGO="$(CARGO)" sh setup/test-dist.sh

# A running program against its openapi.json, for some nine minutes at most; two on a machine with nothing else to do. Its
# tools come from PyPI; without it, this says so and is no failure.
test-api: setup
	$(CARGO) test --locked --workspace --no-run --quiet --test control
	@PYTHON="$(PYTHON)" timeout 1200 sh tests/api/run.sh

# Beside `make test`: the checker is some 200 crates to build, once.
test-types: setup
	@$(call tool,emmylua_check,0.25.1)
	$(CARGO) test --locked --workspace --test types

# Each target from its committed corpus, for so long. The toolchain is the stable one: what cargo-fuzz needs of the other
# is instrumentation, which this lets it have; no sanitizer, as there is next to no unsafe code.
SECONDS ?= 60
FUZZ_TARGETS ?= answer arguments policy mrt lua guest check

.PHONY: fuzz
fuzz: setup
	@$(CARGO) fuzz --version >/dev/null 2>&1 || $(CARGO) install cargo-fuzz --version 0.13.2 --locked
	@for target in $(FUZZ_TARGETS); do \
		mkdir -p tests/fuzz/corpus/$$target && \
		(cd tests && RUSTC_BOOTSTRAP=1 $(CARGO) fuzz run -s none $$target \
			fuzz/corpus/$$target fuzz/seeds/$$target -- \
			-max_total_time=$(SECONDS) -timeout=20 -rss_limit_mb=4096 -max_len=65536 -print_final_stats=1) || exit 1; \
	done

bench: setup
	$(CARGO) bench $(WHOLE) --bench calls
	$(CARGO) bench $(WHOLE) --bench operators
	$(CARGO) bench $(WHOLE) --bench fuel_honesty
	$(CARGO) bench $(WHOLE) --bench fuel_search -- --seconds 20
	$(CARGO) bench $(WHOLE) --bench footprint
	$(CARGO) build --release $(WHOLE) --quiet --bin summary
	target/release/summary

.PHONY: fuel-search
fuel-search: setup
	$(CARGO) bench $(WHOLE) --bench fuel_search -- --seconds $(SECONDS) --seed $(or $(SEED),1)

# The modules' headers come from the source package of the FRR that is installed, or from FRR_SRC=DIR. With DIST=trixie all of
# this is in a Debian 13 that root.sh makes, but for what is Rust: that runs there as it is built here.
FRR_OUT := $(CURDIR)/target/frr$(addprefix -,$(DIST))
IN_DIST := $(if $(DIST),sh frr/root.sh $(DIST)) env FFI_LIB="$(CURDIR)/target/release/libtenterhook_ffi.so"

frr: setup
	$(CARGO) build --release $(WHOLE) --lib
	@$(IN_DIST) OUT="$(FRR_OUT)" sh frr/build.sh

test-frr: frr
	@$(IN_DIST) sh frr/prepare.sh --tests
	@$(IN_DIST) CARGO="$(CARGO)" sh frr/tests/native.sh "$$(cat $(FRR_OUT)/frr-tree)" "$$(cat $(FRR_OUT)/frr-series)" \
		$(FRR_OUT)-tests/bgpd_native.so
	@$(IN_DIST) OUT="$(FRR_OUT)-otherversion" FRR_VERSION=99.9 sh frr/build.sh >/dev/null
	@$(IN_DIST) OUT="$(FRR_OUT)-nearversion" FRR_VERSION="$$(cat $(FRR_OUT)/frr-series).999" sh frr/build.sh >/dev/null
	@$(IN_DIST) env -u FFI_LIB $(if $(DIST),python3,$(PYTHON)) frr/tests/run.py --modules $(FRR_OUT) --other $(FRR_OUT)-otherversion \
		--near $(FRR_OUT)-nearversion --tree "$$(cat $(FRR_OUT)/frr-tree)" --native $(FRR_OUT)-tests/bgpd_native.so $(FRR_ARGS)

# Debian packages, of the modules for this system's FRR or for that of DIST.
DEB_OUT := $(CURDIR)/target/deb$(addprefix -,$(DIST))
DEB := COMMAND="$(CURDIR)/target/release/tenterhook" LIBRARY="$(LIB_OUT)" FRR_OUT="$(FRR_OUT)"

deb: frr
	$(CARGO) build --release $(WHOLE) --bin tenterhook
	@sh packaging/library.sh target/release/libtenterhook_ffi.a "$(LIB_OUT)"
	@rm -rf "$(DEB_OUT)" && $(DEB) OUT="$(DEB_OUT)" sh packaging/deb.sh

test-deb: deb
	@$(DEB) DEBS="$(DEB_OUT)" DIST="$(DIST)" PYTHON="$(if $(DIST),python3,$(PYTHON))" sh packaging/test-deb.sh

# The one list of what every change has to pass, what fails soon first. .ci/run and the workflow on GitHub come here.
CHECKS := setup fmt clippy deny models test test-api doc api examples benches fuzz-targets demo-short frr-here

.PHONY: ci ci-each models api examples benches fuzz-targets demo-short frr-here
# As many kills as the promise is about; without it, fewer.
ci: export TENTERHOOK_KILLS := 200
ci:
	@set -e; for check in $(CHECKS); do \
		echo; echo "== make $$check"; \
		begun=$$(date +%s); $(MAKE) --no-print-directory $$check; \
		echo "== make $$check: $$(($$(date +%s) - begun)) s"; \
	done

fmt:
	$(CARGO) fmt --all --check

clippy: setup
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings

doc: setup book
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --workspace --no-deps

# The public items of each published library, next to docs/api; BLESS=1 writes them there. The dependencies are those that
# `make doc` has checked.
api: setup
	RUSTDOC="$(CURDIR)/setup/rustdoc-unstable.sh" RUSTDOCFLAGS="-Z unstable-options --output-format json" \
		$(CARGO) doc --locked --workspace --lib --no-deps
	$(CARGO) run --locked --quiet --manifest-path tests/public-api/Cargo.toml -- target/doc

# A warning of mdBook is a failure.
book:
	@$(call tool,mdbook,0.5.4,--no-default-features --features search)
	@said=$$(target/tools/bin/mdbook build docs 2>&1) || { echo "$$said"; exit 1; }; \
	echo "$$said"; ! echo "$$said" | grep -qE 'WARN|ERROR'

# Licences, sources, and dependencies without a version.
deny:
	@$(call tool,cargo-deny,0.20.2)
	target/tools/bin/cargo-deny --locked --workspace check licenses bans sources

examples: setup
	$(CARGO) build --locked --workspace --examples

# What threads share without locks, in every order in which their steps can interleave (loom).
models:
	$(CARGO) test --locked --manifest-path tests/models/Cargo.toml

# That each bench runs, not what it measures.
benches: setup
	$(CARGO) bench $(WHOLE) --bench calls --bench operators --bench fuel_honesty --bench fuel_search --bench footprint -- --test

# What is fuzzed still compiles; the committed inputs are read by `make test` (tests/tests/corpora.rs). In the workspace's
# folder, where clippy has checked most of the dependencies.
fuzz-targets: setup
	$(CARGO) check --locked --manifest-path tests/fuzz/Cargo.toml --target-dir target

demo-short:
	@$(MAKE) --no-print-directory demo ROUTES=5000

# The modules in real daemons, where that is possible. The table scenario measures, and takes longest: here it shows with few
# routes that it can, and Debian 13's daemons go without it.
TABLE_HERE ?= 5000
frr-here:
	@set -e; if [ "$$(id -u)" = 0 ] && [ -e /etc/debian_version ] && unshare --net true 2>/dev/null; then \
		echo "FRR: the table scenario has $(TABLE_HERE) routes here; make test-frr has the whole table"; \
		$(MAKE) --no-print-directory test-frr FRR_ARGS="--routes $(TABLE_HERE)"; \
		reached=0; sh frr/root.sh trixie >/dev/null || reached=$$?; \
		if [ $$reached = 75 ]; then \
			echo "make test-frr DIST=trixie is skipped: it takes Debian's archive"; \
		else \
			$(MAKE) --no-print-directory test-frr DIST=trixie FRR_ARGS="--without table"; \
		fi; \
	else \
		echo "make test-frr is skipped: it takes root, network namespaces and a Debian"; \
	fi

# Each published crate alone selects other features of what it depends on (libc, rustix, smallvec, …), so wasmtime is checked
# several times over: some eleven minutes, which is why this is beside the list. On GitHub it is a job of its own.
ci-each: setup
	@set -e; for crate in $$($(CARGO) metadata --locked --no-deps --format-version 1 | $(PYTHON) -c 'import json, sys; \
		print(*(package["name"] for package in json.load(sys.stdin)["packages"] if package["publish"] is None))'); do \
		echo "== cargo check -p $$crate"; $(CARGO) check --locked -p $$crate; \
	done

clean:
	$(CARGO) clean
	rm -rf .venv

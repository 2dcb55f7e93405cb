# Each target sets up what it needs, once. `make demo` and `make test` are the ones to start with.

CARGO ?= cargo
PYTHON ?= python3
# Extra arguments of the demo, such as ROUTES=1000000 or MRT=updates.gz.
DEMO_ARGS := $(if $(ROUTES),--routes $(ROUTES)) $(if $(MRT),--mrt $(MRT))

.PHONY: build install help setup demo test test-api test-types bench ci fmt clippy doc deny clean frr test-frr

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
	@echo "make test-frr  the modules in real daemons, in network namespaces; as root"
	@echo "make ci      what a change has to pass"
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

demo: setup
	$(CARGO) run --release --locked -p tenterhook-cli --features native -- demo $(DEMO_ARGS)

test: setup
	$(CARGO) test --locked --workspace

# A running program against its openapi.json. Its tools come from PyPI; without it, this says so and is no failure.
test-api: setup
	$(CARGO) test --locked --workspace --no-run --quiet --test control
	@PYTHON="$(PYTHON)" sh tests/api/run.sh

# Beside `make test`: the checker is some 200 crates to build, once.
test-types: setup
	$(CARGO) install emmylua_check --version 0.25.1 --locked --root target/tools --quiet
	$(CARGO) test --locked -p tenterhook-tests --test types

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
	$(CARGO) bench --locked -p tenterhook-benches --bench calls
	$(CARGO) bench --locked -p tenterhook-benches --bench operators
	$(CARGO) bench --locked -p tenterhook-benches --bench fuel_honesty
	$(CARGO) bench --locked -p tenterhook-benches --bench fuel_search -- --seconds 20
	$(CARGO) run --release --locked -q -p tenterhook-benches --bin summary

.PHONY: fuel-search
fuel-search: setup
	$(CARGO) bench --locked -p tenterhook-benches --bench fuel_search -- --seconds $(SECONDS) --seed $(or $(SEED),1)

# The modules' headers come from the source package of the FRR that is installed, or from FRR_SRC=DIR.
frr: setup
	$(CARGO) build --release --locked -p tenterhook-ffi
	@OUT="$(CURDIR)/target/frr" FFI_LIB="$(CURDIR)/target/release/libtenterhook_ffi.so" MAKE="$(MAKE)" sh frr/build.sh

test-frr: frr
	@sh frr/prepare.sh --tests
	@CARGO="$(CARGO)" sh frr/tests/native.sh "$$(cat target/frr/frr-tree)" target/frr-tests/bgpd_native.so
	@OUT="$(CURDIR)/target/frr-otherversion" FFI_LIB="$(CURDIR)/target/release/libtenterhook_ffi.so" MAKE="$(MAKE)" \
		FRR_VERSION=99.9 sh frr/build.sh >/dev/null
	$(PYTHON) frr/tests/run.py --modules target/frr --other target/frr-otherversion --tree "$$(cat target/frr/frr-tree)" \
		--native target/frr-tests/bgpd_native.so $(FRR_ARGS)

ci: fmt clippy test doc deny
	$(CARGO) build --locked --workspace --examples
	$(CARGO) bench --locked -p tenterhook-benches -- --test
	$(CARGO) check --locked --manifest-path tests/fuzz/Cargo.toml

fmt:
	$(CARGO) fmt --all --check

clippy: setup
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings

doc: setup
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --workspace --no-deps

# Licences and advisories, where cargo-deny is installed.
deny:
	@if $(CARGO) deny --version >/dev/null 2>&1; then $(CARGO) deny check licenses bans sources; \
	else echo "cargo-deny is not installed: licences are not checked"; fi

clean:
	$(CARGO) clean
	rm -rf .venv

# make test    everything a change has to pass: installs what it needs, builds the site, runs all tests
# make quick   the same in under three minutes: all tests that need no browser, and one visit in it
# make site    the site in build/site/
# make serve   the same, served on this machine
# make bench   how fast the page is, against what is aimed at; about five minutes

PYTHON ?= python3
BROWSERS := chromium google-chrome google-chrome-stable chromium-browser
FIREFOXES := firefox-esr firefox
VENV := .venv/bin/python

.PHONY: test quick lint site serve bench browser firefox npm checker

test: .venv/installed browser npm checker lint
	$(PYTHON) build.py
	$(VENV) -m pytest --numprocesses=auto --dist=loadfile

quick: .venv/installed browser npm checker lint
	$(PYTHON) build.py
	$(VENV) -m pytest --numprocesses=auto --dist=loadfile -m "smoke or not browser"

lint: .venv/installed
	$(VENV) -m ruff check
	$(VENV) -m ruff format --check
	$(VENV) -m mypy

site:
	$(PYTHON) build.py

serve:
	$(PYTHON) build.py --serve

bench: .venv/installed browser firefox npm
	$(PYTHON) build.py
	$(VENV) -m benchmarks.bench

# Made anew when the project's requirements change.
.venv/installed: pyproject.toml
	$(PYTHON) -m venv --clear .venv
	$(VENV) -m pip install --quiet --disable-pip-version-check --editable '.[bench,test,train]'
	touch $@

# Installs Debian's packages $(1), where there is apt-get and the right to use it.
define apt_install
	if [ "$$(id -u)" = 0 ]; then as_root=; else as_root=sudo; fi; \
	command -v apt-get > /dev/null && { [ -z "$$as_root" ] || command -v sudo > /dev/null; } && \
	as_root="$$as_root env DEBIAN_FRONTEND=noninteractive" && \
	$$as_root apt-get update --quiet && \
	$$as_root apt-get install --quiet --yes --no-install-recommends $(1)
endef

# A Chromium for the tests in a real browser: one that is there, else Debian's.
browser:
	@for browser in $(BROWSERS); do command -v $$browser > /dev/null && exit 0; done; \
	$(call apt_install,chromium) && exit 0; \
	echo "The tests need Chromium, and it could not be installed with apt-get: please install it yourself." >&2; \
	exit 1

# The benchmark looks at a second browser where there is one.
firefox:
	@for browser in $(FIREFOXES); do command -v $$browser > /dev/null && exit 0; done; \
	$(call apt_install,firefox-esr) && exit 0; \
	echo "Firefox could not be installed with apt-get; the benchmark does without it." >&2

# npm brings the runtime where the CDN cannot be reached; elsewhere the build does without it.
npm:
	@command -v npm > /dev/null && exit 0; \
	$(call apt_install,npm) && exit 0; \
	echo "npm could not be installed with apt-get; the build needs it only where the CDN cannot be reached." >&2

# The checker of the built HTML runs on Java.
checker: .venv/installed npm
	@command -v java > /dev/null && exit 0; \
	$(call apt_install,default-jre-headless) && exit 0; \
	echo "The tests need Java, and it could not be installed with apt-get: please install it yourself." >&2; \
	exit 1
	$(VENV) -m tests.checker

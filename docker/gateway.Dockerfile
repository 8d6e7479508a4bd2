# The gateway and the action server: one image, two commands (see docker-compose.yml).
FROM python:3.11-slim

# The hashes of requirements.txt are checked; nothing is compiled, so no build tool is needed.
COPY requirements.txt /tmp/requirements.txt
RUN pip install --no-cache-dir --require-hashes --no-deps --only-binary :all: \
      --requirement /tmp/requirements.txt

RUN useradd --system --create-home --home-dir /srv/pas-a-pas pasapas
WORKDIR /srv/pas-a-pas
COPY assistant assistant
COPY actions actions
COPY locales locales
# What the engine of last resort learns from.
COPY nlu/data nlu/data
RUN python -m compileall -q assistant actions && install -d -o pasapas var

USER pasapas
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
EXPOSE 8000
CMD ["python", "-m", "uvicorn", "--factory", "assistant.gateway.app:create_app", \
     "--host", "0.0.0.0", "--port", "8000", "--timeout-graceful-shutdown", "10", \
     "--no-access-log", "--no-server-header", "--log-level", "warning"]

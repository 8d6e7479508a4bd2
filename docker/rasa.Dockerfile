# Rasa with its trained model: the model belongs to the image, so that every machine has the same.
FROM python:3.11-slim AS base

ENV RASA_TELEMETRY_ENABLED=false SQLALCHEMY_SILENCE_UBER_WARNING=1 TF_CPP_MIN_LOG_LEVEL=3 \
    PYTHONUNBUFFERED=1
# libgomp: TensorFlow and scikit-learn are linked to it, the slim image leaves it out.
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/*
COPY nlu/requirements.txt /tmp/requirements.txt
# uv as in development: pip would not take the overrides that these pins were compiled with.
COPY requirements-tools.txt /tmp/requirements-tools.txt
RUN pip install --no-cache-dir --require-hashes --requirement /tmp/requirements-tools.txt \
    && uv pip install --system --no-cache --no-deps --require-hashes \
         --requirement /tmp/requirements.txt
# The gazetteer, which finds communes in a sentence, is the product's own.
COPY assistant/__init__.py /srv/assistant/__init__.py
COPY assistant/directory /srv/assistant/directory
RUN useradd --system --create-home --home-dir /srv/nlu rasa
WORKDIR /srv/nlu

FROM base AS model
COPY nlu .
RUN python -m rasa train --domain domain.yml --config config.yml --data data \
      --out models --fixed-model-name pas-a-pas

FROM base
COPY nlu .
COPY --from=model /srv/nlu/models/pas-a-pas.tar.gz models/
USER rasa
EXPOSE 5005
# The token comes from the environment and stays off the command line, readable by all.
CMD ["python", "serve.py", "run", "--enable-api", "--model", "models/pas-a-pas.tar.gz", \
     "--interface", "0.0.0.0"]

FROM node:latest
ADD . /app
WORKDIR app
ENV DB_PASSWORD=changeme
RUN apt-get update && apt-get install curl
RUN cd /app && npm install
CMD npm start

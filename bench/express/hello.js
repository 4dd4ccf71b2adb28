// The hello world of Express's own documentation.
import express from 'express';

const [host, port] = process.argv[2].split(':');
const app = express();
app.get('/', (req, res) => {
  res.send('Hello World!');
});
app.listen(Number(port), host);

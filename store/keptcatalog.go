package store

import "context"

// keptCatalog is what is stored of a catalog in one row, from which the same build of the program reads it at once.
type keptCatalog struct {
	Topics            []Topic
	Questions, Secret []Listed
}

// KeepCatalog stores what is in memory of a catalog for the next start, unless it is stored already, is no longer the
// latest, or the program has no name.
func (s *Store) KeepCatalog(ctx context.Context, c *Catalog) error {
	if s.program == "" || c.kept.Load() {
		return nil
	}
	k := keptCatalog{Questions: c.Questions, Secret: c.Secret}
	for _, t := range c.Topics {
		k.Topics = append(k.Topics, t.Topic)
	}
	data := encode(k)
	err := s.Update(ctx, func(tx *Tx) error {
		if load, err := tx.LastContentLoad(c.bank); err != nil || load != c.Load {
			return err
		}
		const keep = `
			INSERT INTO kept_catalogs (bank_id, load_id, program, data)
			VALUES ($1, $2, $3, $4)
			ON CONFLICT (bank_id) DO UPDATE SET load_id = excluded.load_id, program = excluded.program, data = excluded.data`
		return tx.exec(keep, c.bank, c.Load, s.program, data)
	})
	c.kept.Store(err == nil)
	return err
}

// ReadAhead reads the catalog that this build left behind after the latest load, if there is one, for who asks for it next.
func (s *Store) ReadAhead(ctx context.Context) error {
	return s.View(ctx, func(tx *Tx) error {
		const query = `SELECT b.slug FROM content_loads l JOIN banks b ON b.id = l.bank_id ORDER BY l.id DESC LIMIT 1`
		var slug string
		if err := tx.row(query, nil, &slug); err != nil {
			return err
		}
		c, err := tx.emptyCatalog(slug)
		if err != nil {
			return err
		}
		if ok, err := tx.readKept(c); !ok {
			return err
		}
		s.Offer(c)
		return nil
	})
}

// readKept fills in a catalog from the row that this build left behind after the same load. That there is none, or one
// that nobody can make sense of, is no error: all of it is elsewhere, too. That the statement fails is one.
func (tx *Tx) readKept(c *Catalog) (ok bool, err error) {
	if tx.store.program == "" {
		return false, nil
	}
	const query = `SELECT data FROM kept_catalogs WHERE bank_id = $1 AND load_id = $2 AND program = $3`
	var k keptCatalog
	err = tx.rows(query, []any{c.bank, c.Load, tx.store.program}, func(row scanner) error {
		var data []byte
		err := row.Scan(&data)
		ok = err == nil && decode(data, &k) == nil
		return err
	})
	if !ok {
		return false, err
	}
	for _, t := range k.Topics {
		c.Topics = append(c.Topics, CatalogTopic{Topic: t})
	}
	c.Questions, c.Secret = k.Questions, k.Secret
	c.index()
	c.kept.Store(true)
	return true, nil
}

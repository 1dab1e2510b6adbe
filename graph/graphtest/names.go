package graphtest

import (
	"math/rand/v2"
	"strings"
)

// origin is where a name comes from: first and family names that go together.
type origin struct {
	share       int // of a hundred people
	women, men  []string
	surnames    []string
	particles   []string                           // sometimes before the surname
	feminine    func(surname string) string        // how a woman's differs; nil: not at all
	roman       func(given, surname string) string // for mail addresses; nil: transliterated letter by letter
	familyFirst bool                               // displayName is surname and given name, joined
}

// How often names are doubled, in permille.
const (
	doubleGivenShare   = 40
	doubleSurnameShare = 50
	particleShare      = 40
)

// name makes one person's names.
func (o *origin) name(dice *rand.Rand, woman bool) (given, surname string) {
	pool := o.men
	if woman {
		pool = o.women
	}
	given, surname = pick(dice, pool), pick(dice, o.surnames)
	if woman && o.feminine != nil {
		surname = o.feminine(surname)
	}
	if o.roman != nil {
		return given, surname
	}
	if dice.IntN(1000) < doubleGivenShare {
		if second := pick(dice, pool); second != given {
			given += pick(dice, []string{"-", " "}) + second
		}
	}
	if dice.IntN(1000) < doubleSurnameShare {
		if second := pick(dice, pickOrigin(dice).latin()); second != surname {
			surname += "-" + second
		}
	}
	if len(o.particles) > 0 && dice.IntN(1000) < particleShare {
		surname = pick(dice, o.particles) + " " + surname
	}
	return given, surname
}

// latin is the surnames where they are written in Latin letters, else German ones.
func (o *origin) latin() []string {
	if o.roman != nil {
		return origins[0].surnames
	}
	return o.surnames
}

func pickOrigin(dice *rand.Rand) *origin {
	n := dice.IntN(100)
	for i := range origins {
		if n < origins[i].share {
			return &origins[i]
		}
		n -= origins[i].share
	}
	return &origins[0]
}

func list(s string) []string { return strings.Fields(s) }

// origins add up to a hundred.
var origins = []origin{
	{
		share: 54,
		women: list(`Anna Julia Katharina Sabine Petra Claudia Susanne Andrea Birgit Monika Ursula Heike Karin Gisela Renate
			Stefanie Nicole Christina Sandra Melanie Nadine Franziska Johanna Lena Laura Lea Sophie Marie Hannah Käthe Bärbel Jördis`),
		men: list(`Thomas Michael Andreas Stefan Peter Wolfgang Klaus Jürgen Günter Dieter Jörg Rüdiger Björn Sönke Götz Uwe Bernd
			Frank Ralf Holger Matthias Markus Christian Tobias Florian Sebastian Jan Lukas Felix Maximilian Paul Jonas Moritz`),
		surnames: list(`Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein
			Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Krause Meier Lehmann Schmid
			Schulze Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn Schubert
			Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon Ludwig Böhm
			Winter Kraus Martin Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt Haas Schreiber Graf
			Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann Thomas Voigt Sauer Arnold Wolff Pfeiffer Größl Süßmann`),
		particles: []string{"von", "von der", "zu", "vom", "von und zu"},
	},
	{
		share:    10,
		women:    list(`Ayşe Fatma Elif Zeynep Emine Hatice Gülşen Özlem Şule Çiğdem Nurgül İrem Yağmur Büşra`),
		men:      list(`Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim Ömer Çağlar Gökhan Uğur Şükrü Özgür Yiğit Kağan`),
		surnames: list(`Yılmaz Kaya Demir Şahin Çelik Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin Kara Koç Kurt Özkan Şimşek Güneş Ünal`),
	},
	{
		share:    8,
		women:    list(`Agnieszka Katarzyna Małgorzata Joanna Magdalena Elżbieta Bożena Świętosława Żaneta Łucja Zofia`),
		men:      list(`Piotr Krzysztof Andrzej Paweł Łukasz Michał Grzegorz Wojciech Stanisław Zbigniew Sławomir Rafał`),
		surnames: list(`Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski Jankowski Wróbel Grabowski Pawłowski Michałowski Król Jabłoński Piątek Gałązka`),
		feminine: func(s string) string {
			if stem, ok := strings.CutSuffix(s, "ski"); ok {
				return stem + "ska"
			}
			return s
		},
	},
	{
		share:     6,
		women:     list(`Amélie Chloé Céline Zoé Hélène Françoise Geneviève Joëlle Solène Manon Inès Élodie`),
		men:       list(`François Jérôme Étienne Benoît Loïc Gaël Stéphane Frédéric André René Noël Cédric Thibault`),
		surnames:  list(`Lefèvre Dubois Durand Moreau Laurent Lévêque Bénard Crépin D'Aubigné Gérard Hébert Château Prévost Fabre L'Hôpital Béranger Noël Çedrat`),
		particles: []string{"de", "de la", "du"},
	},
	{
		share:     4,
		women:     list(`Giulia Chiara Francesca Alessandra Beatrice Noemi`),
		men:       list(`Giovanni Niccolò Alessandro Matteo Luca Raffaele Cesare`),
		surnames:  list(`Rossi Russo Ferrari Esposito Bianchi D'Angelo Dell'Acqua Nicolò Colò Marchetti`),
		particles: []string{"di", "della"},
	},
	{
		share:     4,
		women:     list(`María Lucía Sofía Begoña Concepción Núria Inés Zoila`),
		men:       list(`José Jesús Álvaro Íñigo Joaquín Andrés Martín Óscar`),
		surnames:  list(`García Fernández González Rodríguez López Martínez Sánchez Pérez Gómez Núñez Ibáñez Muñoz Peña Íñiguez`),
		particles: []string{"de", "de los"},
	},
	{
		share:    4,
		women:    list(`Emily Charlotte Olivia Siobhán Niamh Grace Amelia Fiona`),
		men:      list(`Oliver Harry George Seán Liam Callum James Ethan`),
		surnames: list(`Smith Jones Taylor Brown O'Connor O'Brien McDonald MacLeod Wilson Evans FitzGerald`),
	},
	{
		share:    2,
		women:    list(`Åsa Märta Sigrún Bjørg Kirsten Ingrid Þóra`),
		men:      list(`Søren Bjørn Håkon Jørgen Åke Göran Ægir`),
		surnames: list(`Ångström Sørensen Jørgensen Østergård Håkansson Sjöberg Åkesson Nygård Lindström Bjørnson`),
	},
	{
		share:    2,
		women:    list(`Tereza Lucie Kateřina Božena Željka Ružica`),
		men:      list(`Jiří Tomáš Ondřej Zdeněk Željko Dražen`),
		surnames: list(`Novák Svoboda Dvořák Černý Procházka Kučera Horvat Kovačević Babić Đorđević Šarić`),
	},
	{
		share: 2, women: list(`Hương Thảo Ngọc Linh`), men: list(`Minh Dũng Hùng Tuấn`),
		surnames: list(`Nguyễn Trần Lê Phạm Hoàng Đặng Bùi Đỗ`),
		roman:    romanised,
	},
	foreign("Ελένη Μαρία Γεωργία", "Γιώργος Νίκος Κώστας", "Παπαδόπουλος Οικονόμου Γεωργίου"),
	foreign("Наталья Ольга Татьяна", "Сергей Дмитрий Алексей", "Иванченко Шевченко Коваль"),
	foreign("ليلى فاطمة مريم", "محمد أحمد خالد", "الحسيني حداد منصور"),
	func() origin {
		o := foreign("美咲 さくら 陽子", "翔太 健一 大輔", "佐藤 鈴木 高橋")
		o.familyFirst = true // and without a space
		return o
	}(),
}

// foreign is a small share of names in another script.
func foreign(women, men, surnames string) origin {
	return origin{share: 1, women: list(women), men: list(men), surnames: list(surnames), roman: romanised}
}

// romanisation is how the names in other scripts are written in addresses.
var romanisation = map[string]string{
	"Hương": "huong", "Thảo": "thao", "Ngọc": "ngoc", "Linh": "linh", "Minh": "minh", "Dũng": "dung", "Hùng": "hung", "Tuấn": "tuan",
	"Nguyễn": "nguyen", "Trần": "tran", "Lê": "le", "Phạm": "pham", "Hoàng": "hoang", "Đặng": "dang", "Bùi": "bui", "Đỗ": "do",
	"Ελένη": "eleni", "Μαρία": "maria", "Γεωργία": "georgia", "Γιώργος": "giorgos", "Νίκος": "nikos", "Κώστας": "kostas",
	"Παπαδόπουλος": "papadopoulos", "Οικονόμου": "oikonomou", "Γεωργίου": "georgiou",
	"Наталья": "natalya", "Ольга": "olga", "Татьяна": "tatyana", "Сергей": "sergey", "Дмитрий": "dmitry", "Алексей": "alexey",
	"Иванченко": "ivanchenko", "Шевченко": "shevchenko", "Коваль": "koval",
	"ليلى": "layla", "فاطمة": "fatima", "مريم": "maryam", "محمد": "mohamed", "أحمد": "ahmed", "خالد": "khaled",
	"الحسيني": "alhusseini", "حداد": "haddad", "منصور": "mansour",
	"美咲": "misaki", "さくら": "sakura", "陽子": "yoko", "翔太": "shota", "健一": "kenichi", "大輔": "daisuke",
	"佐藤": "sato", "鈴木": "suzuki", "高橋": "takahashi",
}

func romanised(given, surname string) string {
	return romanisation[given] + "." + romanisation[surname]
}

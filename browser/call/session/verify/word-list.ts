// 256 words for 256 values of a byte: things and colours that everybody knows and nobody is hurt by, four to six
// letters, no two with the same first three, no two that sound alike over a bad line (word-list.test.ts holds this).
// One byte, one place: changing a word or the order makes two versions of the page disagree.

export const WORDS: readonly string[] = `
akar amplop andong angsa antena apel aula awan baju bakso balok bambu bangku batik bawang bayam bebek becak
benang beras bibit biola biru boneka bukit bulan bunga busur cabai cahaya catur cendol ceri cicak cincau
cobek coklat cumi danau dapur daun debu delima desa dunia ekor emas embun emping engsel eskrim fajar gapura
garpu gedung gelang gembok gitar globe gong gorden gurita halte handuk harpa helm hijau hujan huruf ikan
intan iris istana itik jagung jahe jaket jalan jamu jaring jati jeruk jingga joglo kabut kaca kaktus kaleng
kamus kancil kapal karpet katak kayu kebun kecap keju kelapa kemeja kendi kertas ketel kijang kipas kismis
koala kodok koin kolak kompas koper krayon kuas kubis kucing kuda kulkas kunyit kursi labu lada langit
laptop layang lebah leci lemari lensa lesung lilin limau logam lumut lurik magnet mantel marmer mawar medali
meja melati merah minyak mobil mosaik museum naga nampan nanas nasi nuri obeng obor ojek opak opera oranye
orkes pakis palet pantai pasir payung pedal pelita pensil perahu pesta piano pilar pintu pipa piring pohon
pompa poster prisma puisi pulpen putih radio rajut ransel rawon roket rompi roti ruang rujak rusa sabun sagu
salak sambal santan sawah sayur sekop selada semut senja sepeda serbet sikat singa siput sirup sisir skuter
sofa soto spidol stiker sukun suling sumpit sungai surat sutra tahu taksi talas tangga taplak tempe tenun
termos tikar tinta tirai toko tombol toples truk tulip tunas tupai ubin ukiran ulos ungu utara vanili video
violet wadah wajan warung wedang wijen wortel yogurt yoyo zaitun zamrud zebra
`.trim().split(/\s+/);

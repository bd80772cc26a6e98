import { pictureAddress } from '../pictures';
import { categories, find } from '../shop/catalogue';
import { Place, Row } from '../shop/Parts';
import { Link } from '../shop/router';
import { use } from '../shop/store';
import { Landscape } from './Landscape';

const favourites = ['BG-109', 'WJ-201', 'WS-402', 'CP-951', 'WT-706', 'YG-601', 'CP-955', 'MJ-305'];
const news = ['MJ-304', 'BG-108', 'TP-805', 'WT-702', 'WJ-205', 'MS-503', 'CP-954', 'AC-971'];

export function Home() {
  const crosssell = use((state) => state.decision?.relatedProducts?.lists.crosssell);
  const products = (skus: string[]) => skus.flatMap((sku) => find(sku) ?? []);
  return (
    <>
      <h1 class="sr" tabIndex={-1}>Sund &amp; Berg, things for the way there</h1>
      <section class="hero" aria-label="Welcome">
        <Landscape />
        <div class="hero-in">
          <Place name="content" label="For you" />
          <p class="hero-links"><Link to="/c/jackets" class="button">Shop jackets</Link><Link to="/c/bags" class="button ghost">Shop bags</Link></p>
        </div>
      </section>
      <section class="tiles" aria-label="Categories">
        <ul>{categories.map((category) => {
          const product = find(category.sku);
          return <li key={category.slug}><Link to={'/c/' + category.slug} class="tile">{product ? <img src={pictureAddress(product)} alt="" width={400} height={480} loading="lazy" /> : null}<span>{category.name}</span></Link></li>;
        })}</ul>
      </section>
      <Row title="People keep coming back for these" products={products(favourites)} />
      <Row title="Goes with what is in your cart" name="crosssell" products={products((crosssell?.items ?? []).map((entry) => entry.sku))} />
      <section class="story"><div><h2>One good thing instead of three.</h2><p>We carry 62 things. Each was worn, rained on, slept in or sat upon before it came into the shop. If it breaks, we mend it.</p></div></section>
      <Row title="New on the shelf" products={products(news)} />
    </>
  );
}

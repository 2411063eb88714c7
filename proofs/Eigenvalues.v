(** The smallest eigenvalue of a symmetric matrix bounds its quadratic form; removing features
    cannot lower it if Sigma is invertible (chapter 7), and can lower the smallest one other than 0
    if not (chapter 14). The spectral theorem is not needed: the largest [mu] with
    [mu |x|^2 <= x^T M x] for all [x] is an eigenvalue. *)
Require Import Base RealNumbers Euclid Algorithm1.

Section Rayleigh.
Variable p : nat.

(** A quadratic form is at most a multiple of the squared norm. *)
Lemma form_bounded (K : 'M[R]_p) :
  exists2 C, 0 < C & forall x, dot x (K *m x) <= C * sqnorm x.
Proof.
pose F := \sum_i sqnorm (row i K)^T; have F0 : 0 <= F by apply: sumr_ge0 => i _; apply: sqnorm_ge0.
exists ((1 + F) / 2%:R) => [|x]; first by rewrite divr_gt0 ?ltr0n // addrC ltr_pwDr ?ltr01.
have image : sqnorm (K *m x) <= F * sqnorm x.
  rewrite mulr_suml; apply: ler_sum => i _; rewrite -expr2 [X in _ <= X]mulrC.
  rewrite (_ : (K *m x) i 0 = dot x (row i K)^T) ?sqr_dot //.
  by rewrite mxE; apply: eq_bigr => j _; rewrite !mxE mulrC.
have := sqnorm_ge0 (x - K *m x); rewrite sqnormD sqnormN dotNr mulrN => h.
rewrite -(ler_pM2l _ _ (_ : 0 < 2%:R)) ?ltr0n // [X in _ <= X](_ : _ = sqnorm x + F * sqnorm x).
  by apply: le_trans (_ : sqnorm x + sqnorm (K *m x) <= _); rewrite ?lerD2l // -subr_ge0 addrAC.
by field.
Qed.

(** If a positive semidefinite matrix is invertible, it is positive definite. *)
Lemma definite (N : 'M[R]_p) : N^T = N -> (forall x, 0 <= dot x (N *m x)) -> N \in unitmx ->
  exists2 c, 0 < c & forall x, c * sqnorm x <= dot x (N *m x).
Proof.
move=> sym pos unit; have [C C0 CK] := form_bounded (invmx N).
exists C^-1 => [|x]; first by rewrite invr_gt0.
pose y := invmx N *m x; have Ny : N *m y = x by rewrite /y mulKVmx.
have := pos (x - C^-1 *: y); rewrite mulmxBr -scalemxAr Ny.
rewrite dotBl !dotBr !dotZr !dotZl (_ : dot y (N *m x) = sqnorm x); last first.
  by rewrite dotC adjoint sym Ny.
rewrite (dotC y x); move=> h; have := ler_wpM2l (_ : 0 <= C^-1 ^+ 2) (CK x).
rewrite sqr_ge0 => /(_ isT) k; rewrite -subr_ge0.
have -> : dot x (N *m x) - C^-1 * sqnorm x
  = (dot x (N *m x) - C^-1 * dot x x - (C^-1 * sqnorm x - C^-1 * (C^-1 * dot x y)))
    + (C^-1 ^+ 2 * (C * sqnorm x) - C^-1 ^+ 2 * dot x y).
  by rewrite /sqnorm; field; rewrite gt_eqF.
by rewrite addr_ge0 // subr_ge0.
Qed.

Theorem rayleigh (M : 'M[R]_p) (lambda : R) :
  M^T = M -> (forall x, 0 <= dot x (M *m x)) ->
  (forall mu, eigenvalue M mu -> lambda <= mu) ->
  forall x, lambda * sqnorm x <= dot x (M *m x).
Proof.
move=> sym pos low x0; have [-> | nz] := eqVneq x0 0; first by rewrite /sqnorm mulmx0 !dot0r mulr0.
pose T t := forall x, t * sqnorm x <= dot x (M *m x).
have T0 : T 0 by move=> x; rewrite mul0r.
have bound t x : T t -> x != 0 -> t <= dot x (M *m x) / sqnorm x.
  by move=> /(_ x) h /sqnorm_gt0 x1; rewrite ler_pdivlMr.
have [mu [up least]] := supremum T0 (fun t Tt => bound t x0 Tt nz).
have Tmu : T mu.
  move=> x; have [-> | xn] := eqVneq x 0; first by rewrite /sqnorm mulmx0 !dot0r mulr0.
  by rewrite -ler_pdivlMr ?sqnorm_gt0 //; apply: least => t Tt; apply: bound.
suff /low le_mu : eigenvalue M mu.
  by apply: le_trans (Tmu x0); rewrite ler_wpM2r ?sqnorm_ge0.
have form x : dot x ((M - mu%:M) *m x) = dot x (M *m x) - mu * sqnorm x.
  by rewrite mulmxBl mul_scalar_mx dotBr dotZr.
have [inv | /singular [x xn e]] := boolP (M - mu%:M \in unitmx); last first.
  exists x => //; apply/eqP; rewrite -subr_eq0 -mul_scalar_mx -mulmxBl; exact/eqP.
have sym' : (M - mu%:M)^T = M - mu%:M by rewrite linearB /= sym tr_scalar_mx.
have [|c c0 more] := definite sym' _ inv; first by move=> x; rewrite form subr_ge0.
have /up : T (mu + c).
  by move=> x; rewrite mulrDl -subr_ge0 opprD addrA -form subr_ge0.
by rewrite -subr_ge0 opprD addNKr oppr_ge0 leNgt c0.
Qed.
End Rayleigh.

(** Definition 4 bounds the norm of [Phi x] from below. *)
Lemma form_low n p (Phi : 'M[R]_(n, p)) lambda_min x :
  full_column_rank Phi -> smallest_nonzero_eigenvalue (Sigma Phi) lambda_min ->
  n%:R * lambda_min * sqnorm x <= sqnorm (Phi *m x).
Proof.
move=> rank [_ _ lmin]; have [n0 | n0] := eqVneq (n%:R : R) 0.
  by rewrite n0 !mul0r sqnorm_ge0.
have psd u : 0 <= dot u (Sigma Phi *m u).
  by rewrite Sigma_form mulr_ge0 ?invr_ge0 ?ler0n ?sqnorm_ge0.
have low mu : eigenvalue (Sigma Phi) mu -> lambda_min <= mu.
  move=> eig; apply: lmin (eig); case: eig => u un eu; apply: contraNneq un => mu0.
  apply/eqP/rank/sqnorm_eq0/eqP; move: (Sigma_form Phi u).
  by rewrite eu mu0 scale0r dot0r => /esym/eqP; rewrite mulf_eq0 invr_eq0 (negbTE n0).
have := rayleigh (Sigma_sym Phi) psd low x; rewrite Sigma_form.
have nR : 0 < n%:R :> R by rewrite lt_neqAle eq_sym n0 ler0n.
by rewrite -(ler_pM2l _ _ nR) mulrA mulrA divff ?mul1r.
Qed.

(** [mu] is an eigenvalue of [Sigma_AA], which acts on the vectors that vanish outside [A]. *)
Definition eigenvalue_on n p (Phi : 'M[R]_(n, p)) (A : {set 'I_p})
    (mu : R) : Prop :=
  exists2 x : 'cV[R]_p, x != 0 &
    (forall j, j \notin A -> x j 0 = 0) /\
    (forall j, j \in A -> (Sigma Phi *m x) j 0 = mu * x j 0).

(** Under Definition 4 the smallest eigenvalue of Sigma is a bound for every set of features. *)
Theorem interlacing n p (Phi : 'M[R]_(n, p)) (lambda_min mu : R)
    (A : {set 'I_p}) :
  full_column_rank Phi -> smallest_nonzero_eigenvalue (Sigma Phi) lambda_min ->
  eigenvalue_on Phi A mu -> lambda_min <= mu.
Proof.
move=> rank eig [x x0 [off on]].
have n0 : 0 < n%:R :> R.
  rewrite lt_neqAle eq_sym ler0n andbT; case: eig => l0 [u u0 eu] _.
  apply: contraNneq l0 => n0; move/esym/eqP: eu.
  by rewrite /Sigma n0 invr0 scale0r mul0mx scaler_eq0 (negbTE u0) orbF.
have low : lambda_min * sqnorm x <= dot x (Sigma Phi *m x).
  by rewrite Sigma_form [X in _ <= X]mulrC ler_pdivlMr // [X in X <= _]mulrC mulrA form_low.
have N0 := sqnorm_gt0 x0.
rewrite -(ler_pM2r _ _ N0); apply: (le_trans low).
rewrite /sqnorm /dot mulr_sumr; apply: ler_sum => j _.
by case: (boolP (j \in A)) => [/on -> | /off ->]; rewrite ?mul0r ?mulr0 // mulrCA.
Qed.

(** ** Three features in the plane *)
Section Plane.
Variables r c d : R.
Hypothesis root_2 : r ^+ 2 = 2%:R.
Let third : 'I_3 := lift 0 (lift 0 0).
Let P : 'M[R]_(2, 3) := matrix_of 2 3 [:: [:: 1; c; 0]; [:: 0; d; 1]].
Let Phi := r *: P.

Lemma sum3 (F : 'I_3 -> R) : \sum_i F i = F 0 + F 1 + F third.
Proof.
by rewrite !big_ord_recl big_ord0 addr0 !addrA; congr (_ + F _ + _); apply: val_inj.
Qed.

Lemma eq_col3 (x z : 'cV[R]_3) : x 0 0 = z 0 0 -> x 1 0 = z 1 0 -> x third 0 = z third 0 -> x = z.
Proof.
move=> e0 e1 e2; apply/colP => [[[|[|[|j]]] h]] //; [move: e0 | move: e1 | move: e2];
  by congr (x _ _ = z _ _); apply: val_inj.
Qed.

Lemma plane_times (x : 'cV[R]_3) :
  let u := x 0 0 + c * x 1 0 in let v := d * x 1 0 + x third 0 in
  Sigma Phi *m x = vector_of 3 [:: u; c * u + d * v; v].
Proof.
have -> : Sigma Phi = P^T *m P.
  have e : Phi^T = r *: P^T by apply/matrixP => i j; rewrite !mxE.
  rewrite /Sigma e /Phi -scalemxAl -scalemxAr !scalerA -mulrA -expr2 root_2.
  by rewrite mulVf ?pnatr_eq0 // scale1r.
rewrite -mulmxA; apply: eq_col3; rewrite mxE big_ord_recl big_ord_recl big_ord0;
  by rewrite !mxE !sum3 !mxE /=; ring.
Qed.

Lemma plane_eigenvalue mu : mu != 0 -> eigenvalue (Sigma Phi) mu -> 1 <= mu.
Proof.
move=> mu0 [x x0]; rewrite plane_times; move: x x0.
move=> x x0; set u := _ + _; set v := _ + x third 0 => ex.
have e0 : u = mu * x 0 0 by have := congr1 (fun z : 'cV_3 => z 0 0) ex; rewrite !mxE.
have e1 : c * u + d * v = mu * x 1 0 by have := congr1 (fun z : 'cV_3 => z 1 0) ex; rewrite !mxE.
have e2 : v = mu * x third 0 by have := congr1 (fun z : 'cV_3 => z third 0) ex; rewrite !mxE.
have key : (mu - 1) * (u ^+ 2 + v ^+ 2) = (c * u + d * v) ^+ 2.
  have eu : mu * u = u + c * (c * u + d * v).
    transitivity (mu * x 0 0 + c * (mu * x 1 0)); last by rewrite -e0 -e1.
    by rewrite /u mulrDr (mulrCA mu).
  have ev : mu * v = v + d * (c * u + d * v).
    transitivity (d * (mu * x 1 0) + mu * x third 0); last by rewrite -e1 -e2 addrC.
    by rewrite /v mulrDr (mulrCA mu).
  transitivity (mu * u * u + mu * v * v - u ^+ 2 - v ^+ 2); first by ring.
  by rewrite eu ev; ring.
have : 0 <= (mu - 1) * (u ^+ 2 + v ^+ 2) by rewrite key sqr_ge0.
rewrite pmulr_lge0 ?subr_ge0 // lt_neqAle eq_sym addr_ge0 ?sqr_ge0 // andbT.
apply: contraNneq x0 => /eqP; rewrite paddr_eq0 ?sqr_ge0 // !sqrf_eq0 => /andP [/eqP u0 /eqP v0].
by apply/eqP; apply: eq_col3; rewrite !mxE; apply: (mulfI mu0);
  rewrite -?e0 -?e1 -?e2 ?u0 ?v0 ?mulr0 ?addr0.
Qed.
End Plane.

(** Without Definition 4 the smallest eigenvalue other than 0 can fall. The features are [e1],
    [c e1 + d e2] and [e2] in the plane, up to the factor [r], which is the root of [n = 2].
    Removing the third lowers it from 1 to [1 - c]. *)
Theorem smallest_eigenvalue_can_fall (r c d : R) :
  r ^+ 2 = 2%:R -> 0 < c -> 0 < d -> c ^+ 2 + d ^+ 2 = 1 ->
  let Phi : 'M[R]_(2, 3) :=
    r *: matrix_of 2 3 [:: [:: 1; c; 0]; [:: 0; d; 1]] in
  smallest_nonzero_eigenvalue (Sigma Phi) 1 /\
  eigenvalue_on Phi [set 0; 1] (1 - c) /\ 0 < 1 - c < 1.
Proof.
move=> r2 c0 d0 circle Phi; split; [split; [exact: oner_neq0 | | exact: plane_eigenvalue] | split].
- exists (vector_of 3 [:: d; 0; - c]); first by
    apply/eqP => /colP /(_ 0) /eqP; rewrite !mxE /= gt_eqF.
  by rewrite plane_times //; apply: eq_col3; rewrite !mxE /=; ring.
- exists (vector_of 3 [:: 1; -1; 0]); first by
    apply/eqP => /colP /(_ 0) /eqP; rewrite !mxE /= oner_eq0.
  split=> [j | j]; first by case: j => [[|[|[|j]]] h] //; rewrite !inE // mxE.
  rewrite plane_times // !inE => /orP [] /eqP ->; rewrite !mxE /=; first by ring.
  by transitivity (c - (c ^+ 2 + d ^+ 2)); [ring | rewrite circle; ring].
rewrite subr_gt0 ltrBlDr ltrDl c0 andbT -ltr_sqr ?nnegrE ?ler01 ?(ltW c0) // expr1n -circle.
by rewrite ltrDl exprn_gt0.
Qed.
